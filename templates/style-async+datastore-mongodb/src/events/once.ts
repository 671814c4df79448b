import type { FastifyInstance } from 'fastify';
import { unitOfWork } from '../database/unit-of-work.ts';
import type { AnyHandler, HandlerContext, HandleTogether } from './handler.ts';

/**
 * Handles an event once in effect, however often it comes: the handler's change and the note that says
 * so are one write. When another delivery of the same event is quicker, this one has no effect.
 */
export function handleOnce(
  app: FastifyInstance,
  handler: AnyHandler,
  context: HandlerContext,
): Promise<void> {
  const { event, signal } = context;
  return app.eventsDatabase.inTransaction(
    async (transaction) => {
      const isNew = await transaction.handling(event);
      if (isNew) await handler.handle(unitOfWork(transaction), context);
    },
    { signal },
  );
}

/** Several events in one transaction, for those datastores that have transactions. */
export const handleTogether: HandleTogether | undefined = undefined;
