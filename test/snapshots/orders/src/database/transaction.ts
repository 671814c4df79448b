import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { FailureKind } from './database-error.ts';
import { kindOf } from './failure-kind.ts';
import type { Tables } from './tables.ts';

const attempts = 3;
const longestPauseMs = 50;

/** How far a transaction came. */
interface Attempt<T> {
  transaction?: Transaction<Tables>;
  failure?: unknown;
  /** Set when the work is done; then COMMIT is sent, and whether it was obeyed is not always known. */
  done?: { readonly result: T };
}

/**
 * Runs work in a transaction, and again where that is safe: when the server has undone it, or the
 * connection was lost before COMMIT was sent, so that the server will undo it.
 */
export async function runInTransaction<T>(
  kysely: Kysely<Tables>,
  run: (transaction: Transaction<Tables>) => Promise<T>,
  onRepeat: (kind: FailureKind) => void,
): Promise<{ result: T; transaction: Transaction<Tables> }> {
  for (let made = 1; ; made += 1) {
    const attempt: Attempt<T> = {};
    try {
      return await kysely.transaction().execute(async (transaction) => {
        attempt.transaction = transaction;
        const result = await run(transaction).catch((error: unknown) => {
          attempt.failure = error;
          throw error;
        });
        attempt.done = { result };
        return { result, transaction };
      });
    } catch (error) {
      // On a lost connection the rollback fails too; why the work failed says more.
      const failure = attempt.failure ?? error;
      const kind = kindOf(failure);
      if (kind === undefined || made === attempts || !isSafeToRepeat(kind, attempt)) throw failure;
      onRepeat(kind);
      // Longer each time and at random, so that those who clashed do not clash again.
      await delay(Math.random() * longestPauseMs * made);
    }
  }
}

function isSafeToRepeat<T>(kind: FailureKind, { transaction, done }: Attempt<T>): boolean {
  if (kind === 'deadlock' || kind === 'serialization') return true;
  const isLost = kind === 'connection' || kind === 'killed' || kind === 'unavailable';
  return isLost && transaction !== undefined && done === undefined;
}
