import type { FastifyInstance } from 'fastify';
import type { CloudEvent } from './event.ts';
import type { AnyHandler } from './handler.ts';

/**
 * Handles an event. It may come again after a crash, and without a datastore nothing here remembers
 * it: handlers must be idempotent.
 */
export function handleOnce(
  app: FastifyInstance,
  event: CloudEvent,
  handler: AnyHandler,
): Promise<void> {
  return app.database.transaction((work) => handler.handle(event, work));
}

/** Whether handlers have what they need; there is no datastore that could be away. */
export async function canHandle(_app: FastifyInstance): Promise<boolean> {
  return true;
}
