import type { FastifyInstance } from 'fastify';
import { unitOfWork } from '../database/unit-of-work.ts';
import type { AnyHandler, HandlerContext } from './handler.ts';

declare module '../database/tables.ts' {
  interface Tables {
    inbox: { source: string; event_id: string };
  }
}

/**
 * Handles an event once in effect, however often it comes: the handler's changes and the inbox row
 * that says so commit together. A delivery that comes while another is handling the same event waits
 * for that one's outcome on the row.
 */
export function handleOnce(
  app: FastifyInstance,
  handler: AnyHandler,
  context: HandlerContext,
): Promise<void> {
  const { source, id } = context.event;
  return app.database.kysely.transaction().execute(async (transaction) => {
    const noted = await transaction
      .insertInto('inbox')
      .values({ source, event_id: id })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (noted.numInsertedOrUpdatedRows === 1n)
      await handler.handle(unitOfWork(transaction), context);
  });
}

/** Whether the database answers: a handler that fails while it does not is not to blame. */
export function canHandle(app: FastifyInstance): Promise<boolean> {
  return app.database.ping().then(
    () => true,
    () => false,
  );
}
