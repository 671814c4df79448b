import fp from 'fastify-plugin';
import { type InMemory, inMemory } from 'service-chassis/store';
import { __Aggregate__Repository } from './repository.ts';
import type { UnitOfWork } from './unit-of-work.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly database: InMemory<UnitOfWork> & Pick<UnitOfWork, 'repository'>;
  }
}

/** The service's own memory, behind the same calls that a datastore would have. */
export default fp(
  async (app) => {
    const repository = new __Aggregate__Repository();
    const memory = inMemory((gate) => ({ repository: repository.behind(gate) }));
    app.decorate('database', { ...memory, repository });
  },
  { name: 'database' },
);
