import fp from 'fastify-plugin';
import { type InMemory, inMemoryWithEvents } from 'service-chassis/store';
import { AuditEntryRepository } from './repository.ts';
import type { UnitOfWork } from './unit-of-work.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly database: InMemory<UnitOfWork> & Pick<UnitOfWork, 'repository'>;
  }
}

/** The service's own memory, behind the same calls that a datastore would have. */
export default fp(
  async (app) => {
    const repository = new AuditEntryRepository();
    const memory = inMemoryWithEvents(
      () => app.events,
      (gate, publish) => ({ repository: repository.behind(gate), publish }),
    );
    app.decorate('database', { ...memory, repository });
  },
  { name: 'database' },
);
