import fp from 'fastify-plugin';
import { type CloudEvent, expectConfirmed, type Message, outgoing } from 'service-chassis/events';
import { currentDeadline, requireTimeLeft } from 'service-chassis/resilience';
import { UnitOfWorkGate, type UnitOptions } from './giving-up.ts';
import { Repository } from './repository.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** The service's own memory, behind the same calls that a datastore would have. */
export interface Database {
  readonly repository: Repository;
  /** Runs work until it ends or is given up; from then on it can change and publish nothing more. */
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
        const events: Message[] = [];
        const work = {
          repository: repository.behind(gate),
          async publish(event: CloudEvent) {
            gate.requireOpen();
            events.push(outgoing(event, app.events.maxEventBytes));
          },
        };
        const result = await gate.during(signal, () => run(work));
        if (events.length > 0) expectConfirmed(await app.events.publish(events));
        return result;
      },
    } satisfies Database);
  },
  { name: 'database' },
);
