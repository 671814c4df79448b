/** Why work on the database failed; each datastore's `driver-error.ts` or `failure-kind.ts` has its codes. */
export type FailureKind =
  /** The connection could not be made, broke, or fell silent. */
  | 'connection'
  /** The server starts, stops, or has left its cluster. */
  | 'unavailable'
  /** The server takes no writes: a standby, a former primary, or one that is set so. */
  | 'read-only'
  /** The server has no disk space left. */
  | 'disk-full'
  /** The server has no memory, connection or other resource left. */
  | 'out-of-resources'
  /** What the work needs is not in the state for it, as while others change its definition. */
  | 'in-use'
  /** None of the service's own connections was free in time. */
  | 'pool'
  /** Somebody ended the session or the statement. */
  | 'killed'
  /** The transaction was open, or idle, for longer than the server allows. */
  | 'transaction-timeout'
  | 'statement-timeout'
  | 'lock-timeout'
  /** Others and this work waited for each other, and the server undid this. */
  | 'deadlock'
  /** Others changed what this work had read, and the server undid this. */
  | 'serialization'
  | 'constraint'
  | 'other';

/**
 * What the database's driver threw, wrapped where it threw it: errors of other origin are never of this
 * class, whatever their `code`. The driver's own error is the `cause`.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

const lastOfConnection = new Set<FailureKind>([
  ...(['connection', 'unavailable', 'killed', 'transaction-timeout'] as const),
  // It may lead to a former primary; a new connection finds the present one.
  'read-only',
]);

/** Whether the connection on which work failed so is given up, instead of being lent out again. */
export function endsConnection({ kind }: DatabaseError): boolean {
  return lastOfConnection.has(kind);
}
