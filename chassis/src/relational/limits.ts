import type { Limit } from '../config/index.ts';
import type { DatabaseConfig } from '../store/index.ts';

/**
 * Milliseconds for which a transaction may wait for the service, which calls another one or does not
 * run any more, before the server undoes it and frees its locks: longer than any statement.
 */
export function idleTransactionLimit({
  statementTimeout,
}: Pick<DatabaseConfig, 'statementTimeout'>): number {
  return 2 * statementTimeout;
}

/** The longest that a transaction waits for anything. */
export function longestWait(config: DatabaseConfig): Limit {
  return ['2 × DATABASE_STATEMENT_TIMEOUT_MS', idleTransactionLimit(config)];
}
