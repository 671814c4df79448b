import { DatabaseError, type FailureKind } from '../store/index.ts';

/** Primary result codes (SQLite, "Result and Error Codes"); an extended one has its primary in its last eight bits. */
const kinds: ReadonlyMap<number, FailureKind> = new Map([
  // PERM, CANTOPEN, AUTH: the file is not there, or not to be opened.
  ...codes('connection', 3, 14, 23),
  // CORRUPT, NOTADB: nothing can be done until somebody restores a backup.
  ...codes('unavailable', 11, 26),
  // READONLY, also of a file that was moved.
  ...codes('read-only', 8),
  ...codes('disk-full', 13),
  // NOMEM, IOERR.
  ...codes('out-of-resources', 7, 10),
  // INTERRUPT.
  ...codes('killed', 9),
  // BUSY, LOCKED: another process writes.
  ...codes('lock-timeout', 5, 6),
  // TOOBIG, CONSTRAINT, MISMATCH.
  ...codes('constraint', 18, 19, 20),
]);

/** Wraps what `node:sqlite` threw. */
export function databaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DatabaseError(kindOfDriver(error), message, error);
}

function kindOfDriver(error: unknown): FailureKind {
  if (!(error instanceof Error)) return 'other';
  if ('code' in error && error.code === 'ERR_INVALID_STATE') return 'connection';
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;
  return kinds.get(code & 0xff) ?? 'other';
}

function codes(kind: FailureKind, ...numbers: number[]): (readonly [number, FailureKind])[] {
  return numbers.map((code) => [code, kind]);
}
