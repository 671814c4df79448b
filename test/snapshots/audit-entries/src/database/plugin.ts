import fp from 'fastify-plugin';
import { expectConfirmed } from '../events/bus/outcomes.ts';
import type { CloudEvent } from '../events/event.ts';
import { messageOf } from '../events/message.ts';
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
        const events: CloudEvent[] = [];
        const result = await run({
          repository,
          publish: async (event) => void events.push(event),
        });
        if (events.length > 0)
          expectConfirmed(await app.events.publish(events.map((event) => messageOf(event))));
        return result;
      },
    } satisfies Database);
  },
  { name: 'database' },
);
