import { DatabaseError, type FailureKind } from '../store/index.ts';

/** The driver's and the system's names of a connection that broke, or was never made. */
const connectionCodes =
  /^(PROTOCOL_\w+|ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;

/** What the driver says without a code. */
const connectionMessages = /in closed state$|^Connection lost|^Pool is closed/;

/** What other errors say of a disk that is full: the system's number is in their text only. */
const diskFullMessages = /\b(error|errno:?) 28\b|No space left/i;

/** Error numbers of the servers (MySQL, "Server Error Message Reference"; MariaDB, "Error Codes"). */
const kinds: ReadonlyMap<number, FailureKind> = new Map([
  // Aborted connections; a session that was idle for too long.
  ...numbers('connection', 1152, 1158, 1159, 1160, 1161, 1184, 4031),
  // Shutting down, offline mode, not available; a node of Galera that has left its cluster.
  ...numbers('unavailable', 1047, 1053, 1077, 1079, 3032, 3168),
  // --read-only, --innodb-read-only, a group that takes no writes, and read-only transactions, tables, schemas.
  ...numbers('read-only', 1036, 1207, 1290, 1792, 1836, 1874, 3100, 3989),
  ...numbers('disk-full', 1021, 1114, 3675),
  // Memory, threads, locks; connections of all and of this user; a host that is blocked for its errors.
  ...numbers('out-of-resources', 1037, 1041, 1135, 1206, 1040, 1203, 1226, 1129),
  // Of the statement, and of the session (MariaDB, MySQL).
  ...numbers('killed', 1317, 1927, 3169),
  // max_execution_time (MySQL) and max_statement_time (MariaDB).
  ...numbers('statement-timeout', 3024, 1969),
  ...numbers('lock-timeout', 1205, 3572),
  ...numbers('deadlock', 1213, 1614),
  // A record or table changed since it was read (MariaDB); a group that has certified another's change.
  ...numbers('serialization', 1020, 1412, 3101),
  // Null, duplicate, foreign keys, too long, out of range, checks (MySQL, MariaDB).
  ...numbers('constraint', 1048, 1062, 1451, 1452, 1406, 1264, 3819, 4025),
]);

/** Wraps what the driver threw. */
export function databaseError(error: unknown): DatabaseError {
  const message = error instanceof Error ? error.message : String(error);
  return new DatabaseError(kindOfDriver(error), message, error);
}

/** The same for what it threw instead of a connection. */
export function connectError(error: unknown): DatabaseError {
  const failure = databaseError(error);
  // Such as a password that has been changed: nothing can be done until somebody mends it.
  if (failure.kind === 'other') return new DatabaseError('connection', failure.message, error);
  return failure;
}

function kindOfDriver(error: unknown): FailureKind {
  if (!(error instanceof Error)) return 'other';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (connectionCodes.test(code) || connectionMessages.test(error.message)) return 'connection';
  const errno = 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
  const kind = kinds.get(errno);
  if (kind !== undefined) return kind;
  return diskFullMessages.test(error.message) ? 'disk-full' : 'other';
}

function numbers(kind: FailureKind, ...errnos: number[]): (readonly [number, FailureKind])[] {
  return errnos.map((errno) => [errno, kind]);
}
