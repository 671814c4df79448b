import type { Limit } from 'service-chassis/config';
import type { DatabaseConfig } from './config.ts';

/** The longest that a unit of work waits for the database: it keeps nothing locked meanwhile. */
export function longestWait({ statementTimeout }: DatabaseConfig): Limit {
  return ['DATABASE_STATEMENT_TIMEOUT_MS', statementTimeout];
}
