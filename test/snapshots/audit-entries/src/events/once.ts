import type { FastifyInstance } from 'fastify';
import type { AnyHandler, HandlerContext } from './handler.ts';

/**
 * Handles an event. It may come again after a crash, and without a datastore nothing here remembers
 * it: handlers must be idempotent.
 */
export function handleOnce(
  app: FastifyInstance,
  handler: AnyHandler,
  context: HandlerContext,
): Promise<void> {
  return app.database.transaction((work) => handler.handle(work, context));
}

/** Whether handlers have what they need; there is no datastore that could be away. */
export async function canHandle(_app: FastifyInstance): Promise<boolean> {
  return true;
}
