import { DatabaseError, type FailureKind } from '../store/index.ts';

/** SQLSTATE, by class and code (PostgreSQL, Appendix A, "PostgreSQL Error Codes"). */
const kinds: readonly (readonly [RegExp, FailureKind])[] = [
  // Connection exceptions; a session that was idle between transactions for too long.
  [/^(08...|57P05)$/, 'connection'],
  // crash_shutdown, cannot_connect_now, database_dropped.
  [/^57P0[234]$/, 'unavailable'],
  [/^25006$/, 'read-only'],
  [/^53100$/, 'disk-full'],
  // Insufficient resources (memory, connections, limits) and io_error.
  [/^(53...|58030)$/, 'out-of-resources'],
  // object_not_in_prerequisite_state, object_in_use.
  [/^5500[06]$/, 'in-use'],
  // operator_intervention, and admin_shutdown, which a stopping server and pg_terminate_backend both say.
  [/^(57000|57P01)$/, 'killed'],
  // idle_in_transaction_session_timeout, transaction_timeout.
  [/^25P0[34]$/, 'transaction-timeout'],
  // query_canceled, by statement_timeout or pg_cancel_backend.
  [/^57014$/, 'statement-timeout'],
  // lock_not_available.
  [/^55P03$/, 'lock-timeout'],
  [/^40P01$/, 'deadlock'],
  [/^40001$/, 'serialization'],
  [/^23...$/, 'constraint'],
];

/** The system's codes of a connection that broke or was never made. */
const systemCodes =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;

/** What the driver says without a code. */
const connectionMessages =
  /^Connection terminated|is not queryable$|^Client was closed|^Query read timeout$/;

/** Wraps what the driver threw. */
export function databaseError(error: unknown): DatabaseError {
  const message = error instanceof Error ? error.message : String(error);
  return new DatabaseError(kindOfDriver(error), message, error);
}

/** The same for what it threw instead of a connection. */
export function connectError(error: unknown): DatabaseError {
  const failure = databaseError(error);
  if (failure.message === 'timeout exceeded when trying to connect')
    return new DatabaseError('pool', 'no database connection was free in time', error);
  // Such as a password that has been changed: nothing can be done until somebody mends it.
  if (failure.kind === 'other') return new DatabaseError('connection', failure.message, error);
  return failure;
}

function kindOfDriver(error: unknown): FailureKind {
  if (!(error instanceof Error)) return 'other';
  if (connectionMessages.test(error.message)) return 'connection';
  // A migration changed the type of a column that a prepared statement answers with.
  if ('routine' in error && error.routine === 'RevalidateCachedQuery') return 'connection';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (systemCodes.test(code)) return 'connection';
  return kinds.find(([codes]) => codes.test(code))?.[1] ?? 'other';
}
