import { DatabaseUnavailableError, type FailureKind } from './failure.ts';

/** The driver's and the system's names of a connection that broke, or was never made. */
const connectionCodes =
  /^(PROTOCOL_\w+|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ER_SERVER_SHUTDOWN)$/;

/** What the driver says without a code. */
const connectionMessages = /in closed state$|^Connection lost|^Pool is closed/;

/** Error numbers of MySQL and MariaDB. */
const kinds: ReadonlyMap<number, FailureKind> = new Map([
  // Too many connections, shutting down, disk full, killed (MySQL, MariaDB), idle for too long.
  ...numbers('connection', 1021, 1040, 1053, 1077, 1152, 1184, 1203, 1226, 1317, 1927, 4031),
  ...numbers('deadlock', 1213),
  // A record changed since it was read (MariaDB with innodb_snapshot_isolation).
  ...numbers('serialization', 1020),
  // Waiting for a lock, or longer than max_execution_time (MySQL) or max_statement_time (MariaDB).
  ...numbers('timeout', 1205, 3024, 1969),
  // Null, duplicate, foreign keys, too long, out of range, checks (MySQL, MariaDB).
  ...numbers('constraint', 1048, 1062, 1451, 1452, 1406, 1264, 3819, 4025),
]);

export function kindOf(error: unknown): FailureKind {
  if (error instanceof DatabaseUnavailableError) return error.kind;
  if (!(error instanceof Error)) return 'other';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (connectionCodes.test(code) || connectionMessages.test(error.message)) return 'connection';
  const errno = 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
  return kinds.get(errno) ?? 'other';
}

function numbers(kind: FailureKind, ...errnos: number[]): (readonly [number, FailureKind])[] {
  return errnos.map((errno) => [errno, kind]);
}
