import fp from 'fastify-plugin';
import { currentDeadline, requireTimeLeft } from 'service-chassis/resilience';
import { UnitOfWorkGate, type UnitOptions } from './giving-up.ts';
import { Repository } from './repository.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** The service's own memory, behind the same calls that a datastore would have. */
export interface Database {
  readonly repository: Repository;
  /** Runs work until it ends or is given up; from then on it can change nothing more. */
  transaction<T>(run: (work: UnitOfWork) => Promise<T>, options?: UnitOptions): Promise<T>;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly database: Database;
  }
}

export default fp(
  async (app) => {
    const repository = new Repository();
    app.decorate('database', {
      repository,
      async transaction(run, { signal = currentDeadline()?.signal } = {}) {
        requireTimeLeft();
        const gate = new UnitOfWorkGate();
        return gate.during(signal, () => run({ repository: repository.behind(gate) }));
      },
    } satisfies Database);
  },
  { name: 'database' },
);
