import { ClickHouseError } from '@clickhouse/client';
import type { FastifyBaseLogger } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Statement } from './connection.ts';

/**
 * Counts and times statements, and logs the slow ones, without their values.
 *
 * @param slowAfter milliseconds. @returns what is told of each statement.
 */
export function watchStatements(
  registry: Registry,
  log: FastifyBaseLogger,
  slowAfter: number,
): (statement: Statement) => void {
  const duration = new Histogram({
    name: 'database_statement_duration_seconds',
    help: 'How long statements took, failed ones too',
    labelNames: ['kind'],
    registers: [registry],
  });
  const errors = new Counter({
    name: 'database_statement_errors_total',
    help: 'Statements that failed, by the code of ClickHouse or of the system',
    labelNames: ['code'],
    registers: [registry],
  });
  return ({ kind, text, milliseconds, error }) => {
    duration.observe({ kind }, milliseconds / 1000);
    if (error !== undefined) errors.inc({ code: codeOf(error) });
    if (milliseconds > slowAfter)
      log.warn({ kind, statement: text, milliseconds: Math.round(milliseconds) }, 'slow statement');
  };
}

function codeOf(error: unknown): string {
  if (error instanceof ClickHouseError) return error.type ?? error.code;
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
