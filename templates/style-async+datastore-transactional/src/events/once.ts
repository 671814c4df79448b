import type { FastifyInstance } from 'fastify';
import { isConnectionError } from '../database/connection-error.ts';
import { unitOfWork } from '../database/unit-of-work.ts';
import { noteInInbox } from '../inbox/inbox.ts';
import type { AnyHandler, HandlerContext } from './handler.ts';

/**
 * Handles an event once in effect, however often it comes: the handler's changes and the inbox row
 * that says so commit together.
 */
export function handleOnce(
  app: FastifyInstance,
  handler: AnyHandler,
  context: HandlerContext,
): Promise<void> {
  return app.database.inTransaction(async (transaction) => {
    const isNew = await noteInInbox(transaction, context.event);
    if (isNew) await handler.handle(unitOfWork(transaction), context);
  });
}

/** Whether a handler failed because the database was away, which is not its event's fault. */
export async function isOutage(app: FastifyInstance, error: unknown): Promise<boolean> {
  if (isConnectionError(error)) return true;
  return app.database.ping().then(
    () => false,
    () => true,
  );
}
