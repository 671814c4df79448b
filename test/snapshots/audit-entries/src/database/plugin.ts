import fp from 'fastify-plugin';
import { expectConfirmed } from '../events/bus/outcomes.ts';
import type { Message } from '../events/bus/bus.ts';
import { outgoing } from '../events/outgoing.ts';
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
      async transaction(run) {
        const events: Message[] = [];
        const result = await run({
          repository,
          publish: async (event) => void events.push(outgoing(event, app.events.maxEventBytes)),
        });
        if (events.length > 0) expectConfirmed(await app.events.publish(events));
        return result;
      },
    } satisfies Database);
  },
  { name: 'database' },
);
