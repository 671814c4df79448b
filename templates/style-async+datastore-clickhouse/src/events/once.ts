import type { FastifyInstance } from 'fastify';
import { Changes } from '../database/changes.ts';
import { causeOf } from '../database/ids.ts';
import { onlyBegin, store } from '../database/store.ts';
import type { AnyHandler, HandlerContext, HandleTogether } from './handler.ts';

/**
 * Handles an event once in effect, however often it comes: what it creates has the same ids each
 * time, and what it changes carries its name. What only creates goes into ClickHouse in one insert
 * with what the handlers beside it create; the event is acknowledged when that is confirmed.
 */
export function handleOnce(
  app: FastifyInstance,
  handler: AnyHandler,
  context: HandlerContext,
): Promise<void> {
  const { eventsDatabase, bulkInserts } = app;
  return eventsDatabase.carryOut(
    new Changes(causeOf(context.event)),
    (work) => handler.handle(work, context),
    (rows) => (onlyBegin(rows) ? bulkInserts.add(rows) : store(eventsDatabase.connection, rows)),
    { signal: context.signal },
  );
}

/** ClickHouse has no transaction for several handlers; they share inserts instead. */
export const handleTogether: HandleTogether | undefined = undefined;
