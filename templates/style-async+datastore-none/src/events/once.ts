import type { FastifyInstance } from 'fastify';
import type { AnyHandler, HandlerContext, HandleTogether } from './handler.ts';

/**
 * Handles an event. It may come again after a crash, and without a datastore nothing here remembers
 * it: handlers must be idempotent.
 */
export function handleOnce(
  app: FastifyInstance,
  handler: AnyHandler,
  context: HandlerContext,
): Promise<void> {
  const { signal } = context;
  return app.database.transaction((work) => handler.handle(work, context), { signal });
}

/** Several events in one transaction, for those datastores that can undo them all. */
export const handleTogether: HandleTogether | undefined = undefined;
