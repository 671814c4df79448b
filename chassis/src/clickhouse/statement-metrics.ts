import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import { databaseMetrics, type RefusedWrites } from '../store/index.ts';
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
  const { duration, errors } = databaseMetrics(registry);
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
