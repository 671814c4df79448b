import type { FastifyInstance } from 'fastify';
import { Histogram } from 'prom-client';
import type { EventsDatastore } from '../events/index.ts';
import { isOutage, kindOf, whoseFault } from '../store/index.ts';
import { Attempts } from './attempts.ts';
import { type BulkInsertLimits, BulkInserts } from './bulk-inserts.ts';
import { Changes } from './changes.ts';
import type { Connection } from './connection.ts';
import type { ClickHouseDatabase } from './database.ts';
import { causeOf } from './ids.ts';
import { type NewRows, onlyBegin, store } from './store.ts';
import type { MarkedRow } from './versioned-row.ts';

/**
 * Returns how events are handled in a ClickHouse database: once in effect, however often they come, because
 * what a handler creates has the same ids each time (`newId`), and what it changes carries the event's
 * name. What only creates goes into ClickHouse in one insert with what the handlers beside it create; the
 * event is acknowledged when that is confirmed. Handlers have connections of their own, which close with
 * the service.
 */
export function clickhouseEvents<Repository, Work>(
  app: FastifyInstance,
  database: ClickHouseDatabase<Repository, Work>,
  limits: BulkInsertLimits,
): EventsDatastore<Work> {
  const ofHandlers = database.withPool();
  app.addHook('onClose', () => ofHandlers.close());
  const { connection } = ofHandlers;
  const insertTogether = bulkInserts(app, connection, limits);
  const attempts = new Attempts(database.connection);
  return {
    // Without an outbox, events go out before the answer.
    isBusAwaited: true,
    handleOnce: (handler, context) =>
      ofHandlers.carryOut(
        new Changes(connection, causeOf(context.event)),
        (work) => handler.apply(work, context),
        (added) => (onlyBegin(added) ? insertTogether(added) : store(connection, added)),
        { signal: context.signal },
      ),
    attemptsOf: (event) => attempts.of(event),
    noteAttempts: (event, count) => attempts.note(event, count),
    forgetAttempts: (event) => attempts.forget(event),
    whoseFault: (error) => whoseFault(error, () => database.ping()),
  };
}

/** Returns what gathers the rows of handlers into large inserts, those of each table by themselves. */
function bulkInserts(
  app: FastifyInstance,
  connection: Connection,
  limits: BulkInsertLimits,
): (added: NewRows) => Promise<void> {
  const sizes = new Histogram({
    name: 'database_bulk_insert_rows',
    help: 'Rows of each insert that handlers share',
    buckets: [1, 10, 100, 1000, 10_000],
    registers: [app.metrics],
  });
  const tables = new Map<string, BulkInserts<MarkedRow>>();
  return ({ table, rows }) => {
    const known = tables.get(table);
    if (known !== undefined) return known.add(rows);
    const write = async (gathered: readonly MarkedRow[]): Promise<void> => {
      await store(connection, { table, rows: gathered });
      sizes.observe(gathered.length);
    };
    const inserts = new BulkInserts(write, (error) => isOutage(kindOf(error)), limits);
    tables.set(table, inserts);
    return inserts.add(rows);
  };
}
