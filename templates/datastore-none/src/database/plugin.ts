import fp from 'fastify-plugin';
import { Repository } from './repository.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** The service's own memory, behind the same calls that a datastore would have. */
export interface Database {
  readonly repository: Repository;
  transaction<T>(run: (work: UnitOfWork) => Promise<T>): Promise<T>;
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
      transaction: (run) => run({ repository }),
    } satisfies Database);
  },
  { name: 'database' },
);
