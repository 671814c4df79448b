import { DatabaseUnavailableError, type FailureKind } from './failure.ts';

/** SQLSTATE classes and codes (PostgreSQL, Appendix A), and the system's codes of a broken connection. */
const kinds: readonly (readonly [RegExp, FailureKind])[] = [
  // Went away, shuts down, starts, or has no place left.
  [
    /^(08...|57P0[1-5]|25P03|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/,
    'connection',
  ],
  [/^40P01$/, 'deadlock'],
  [/^40001$/, 'serialization'],
  [/^(57014|55P03)$/, 'timeout'],
  [/^23...$/, 'constraint'],
];

/** What the driver says without a code. */
const connectionMessages = /^Connection terminated|is not queryable$|^Query read timeout$/;

export function kindOf(error: unknown): FailureKind {
  if (error instanceof DatabaseUnavailableError) return error.kind;
  if (!(error instanceof Error)) return 'other';
  if (error.message === 'timeout exceeded when trying to connect') return 'pool';
  if (connectionMessages.test(error.message)) return 'connection';
  // A migration changed the type of a column that a prepared statement answers with.
  if ('routine' in error && error.routine === 'RevalidateCachedQuery') return 'connection';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return kinds.find(([codes]) => codes.test(code))?.[1] ?? 'other';
}
