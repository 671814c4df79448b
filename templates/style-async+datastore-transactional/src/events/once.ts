import type { FastifyInstance } from 'fastify';
import { noteAllInInbox, noteInInbox } from '../inbox/inbox.ts';
import type { AnyHandler, HandlerContext, HandleTogether } from './handler.ts';

/**
 * Handles an event once in effect, however often it comes: the handler's changes and the inbox row
 * that says so commit together.
 */
export function handleOnce(
  app: FastifyInstance,
  handler: AnyHandler,
  context: HandlerContext,
): Promise<void> {
  const { event, signal } = context;
  return app.eventsDatabase.inTransaction(
    async (transaction, work) => {
      const isNew = await noteInInbox(transaction, event);
      if (isNew) await handler.handle(work, context);
    },
    { signal },
  );
}

/** Handles several events in one transaction, each once in effect. */
export const handleTogether: HandleTogether | undefined = (app, handlings, signal) =>
  app.eventsDatabase.inTransaction(
    async (transaction, work) => {
      const events = handlings.map(({ context }) => context.event);
      const isNew = await noteAllInInbox(transaction, events);
      for (const { handler, context } of handlings)
        if (isNew(context.event)) await handler.handle(work, context);
    },
    { signal },
  );
