/**
 * Why work on the database failed. `deadlock` and `serialization`: the server undid the transaction
 * because of others, and it may succeed when it is done again; `pool`: no connection was free in time.
 */
export type FailureKind =
  | 'connection'
  | 'pool'
  | 'timeout'
  | 'deadlock'
  | 'serialization'
  | 'constraint'
  | 'other';

/** The database cannot be used now, through no fault of the work; see `http/failure.ts` for what is answered. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
  readonly kind: 'connection' | 'pool';

  constructor(kind: 'connection' | 'pool', cause: unknown) {
    super(kind === 'pool' ? 'no database connection was free in time' : 'the database is away', {
      cause,
    });
    this.kind = kind;
  }
}
