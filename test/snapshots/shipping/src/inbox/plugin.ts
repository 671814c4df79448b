import fp from 'fastify-plugin';
import type { ServiceOptions } from '../service.ts';
import { pruneInbox } from './inbox.ts';

const hourMs = 3_600_000;

/** Keeps the inbox from growing for ever. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const prune = (): Promise<void> => pruneInbox(app.eventsDatabase, config.inbox.retentionHours);
    const timer = setInterval(() => {
      prune().catch((error: unknown) => app.log.warn({ err: error }, 'the inbox was not pruned'));
    }, hourMs);
    app.health.addStart('inbox', prune, { required: false });
    app.addHook('onClose', async () => clearInterval(timer));
  },
  { name: 'inbox', dependencies: ['health', 'events-database'] },
);
