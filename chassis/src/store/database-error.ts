import { type FailureKind, isTemporary } from './failure.ts';

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

  /** Over HTTP: 503 when the same work may succeed later (see `statedFailure`). */
  get statusCode(): number | undefined {
    return isTemporary(this.kind) ? 503 : undefined;
  }
}

/** Why work on the database failed, or nothing for an error that is not the database's. */
export function kindOf(error: unknown): FailureKind | undefined {
  return error instanceof DatabaseError ? error.kind : undefined;
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
