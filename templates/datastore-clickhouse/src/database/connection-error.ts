import { ClickHouseError } from '@clickhouse/client';

/** The database cannot be used now, through no fault of the work; over HTTP the answer is 503. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
  readonly statusCode = 503;

  constructor(cause: unknown) {
    super('the database is away', { cause });
  }
}

/** The system's codes of a connection that could not be made or broke. */
const systemCodes = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/**
 * ClickHouse's codes of a server that is too busy, full, or about to stop (`system.errors`): too many
 * queries or parts, no memory or disk left, read-only, aborted, or cut off from its peers.
 */
const serverCodes = new Set(['202', '209', '210', '236', '241', '242', '243', '252']);

/** Whether work failed because ClickHouse could not be reached or could take nothing, whatever it was. */
export function isConnectionError(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError) return true;
  if (error instanceof ClickHouseError) return serverCodes.has(error.code);
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return systemCodes.test(code) || /^Timeout error|^socket hang up/.test(error.message);
}
