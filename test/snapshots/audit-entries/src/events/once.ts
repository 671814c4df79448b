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

/** Whether a handler failed because its datastore was away; there is none. */
export async function isOutage(_app: FastifyInstance, _error: unknown): Promise<boolean> {
  return false;
}
