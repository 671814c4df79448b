import type { FastifyBaseLogger } from 'fastify';
import { Counter, Gauge, type Registry } from 'prom-client';
import { databaseMetrics, kindOf, type RefusedWrites } from '../store/index.ts';
import type { RelationalDatabase } from './database.ts';
import type { PoolState } from './dialect.ts';

/** Shows a pool of connections to the database under a name. */
type Observe = <Tables, Work>(pool: string, database: RelationalDatabase<Tables, Work>) => void;

/**
 * Makes what shows the database in metrics, and slow statements in the log: their SQL, without any
 * values.
 *
 * @param refusedWrites is told of writes that are refused for want of disk space.
 */
export function observer(
  registry: Registry,
  log: FastifyBaseLogger,
  refusedWrites: RefusedWrites,
): Observe {
  const pools = new Map<string, () => PoolState>();
  const registers = [registry];
  const { duration, errors } = databaseMetrics(registry);
  const repeated = new Counter({
    name: 'database_transactions_repeated_total',
    help: 'Transactions that were undone and done again, by the kind of failure',
    labelNames: ['kind'],
    registers,
  });
  new Gauge({
    name: 'database_pool_connections',
    help: 'Connections of a pool by state, and callers that wait for one',
    labelNames: ['pool', 'state'],
    registers,
    collect() {
      for (const [pool, stateOf] of pools)
        for (const [state, count] of Object.entries(stateOf())) this.set({ pool, state }, count);
    },
  });
  const failed = (error: unknown): void => {
    errors.inc({ kind: kindOf(error) ?? 'other' });
    refusedWrites.note(error);
  };
  return (pool, database) => {
    pools.set(pool, () => database.poolState());
    database.events.on('statement', (event) => {
      const { sql } = event.query;
      const durationMs = event.queryDurationMillis;
      duration.observe({ operation: operationOf(sql) }, durationMs / 1000);
      if (event.level === 'error') failed(event.error);
      if (durationMs >= database.config.slowQuery)
        log.warn({ sql, durationMs: Math.round(durationMs) }, 'slow query');
    });
    database.events.on('repeated', (kind) => repeated.inc({ kind }));
    database.events.on('idleError', (error) => {
      log.warn({ reason: error.message }, 'an idle database connection broke');
    });
  };
}

/** `select`, `insert`, `commit`, …: the first word, of which there are few. */
function operationOf(sql: string): string {
  return /^\s*([a-z]+)/i.exec(sql)?.[1]?.toLowerCase() ?? 'other';
}
