import { DatabaseError, type FailureKind } from './database-error.ts';

/** Why work on the database failed, or nothing for an error that is not the database's. */
export function kindOf(error: unknown): FailureKind | undefined {
  return error instanceof DatabaseError ? error.kind : undefined;
}
