import type { FastifyBaseLogger } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { RefusedWrites } from '../store/index.ts';
import type { Statement } from './connection.ts';

/**
 * Counts and times statements, and logs the slow ones, without their values.
 *
 * @param slowQuery milliseconds.
 * @param refusedWrites remembers inserts that are refused, as when the disk is full or a replica has lost its Keeper.
 * @returns what is called after each statement.
 */
export function watchStatements(
  registry: Registry,
  log: FastifyBaseLogger,
  slowQuery: number,
  refusedWrites: RefusedWrites,
): (statement: Statement) => void {
  const duration = new Histogram({
    name: 'database_query_duration_seconds',
    help: 'Time from a statement to its answer',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const errors = new Counter({
    name: 'database_errors_total',
    help: 'Statements that failed, by the kind of failure',
    labelNames: ['kind'],
    registers: [registry],
  });
  return ({ operation, sql, milliseconds, error }) => {
    duration.observe({ operation }, milliseconds / 1000);
    if (error !== undefined) {
      errors.inc({ kind: error.kind });
      refusedWrites.note(error);
    }
    if (milliseconds >= slowQuery)
      log.warn({ sql, durationMs: Math.round(milliseconds) }, 'slow query');
  };
}
