import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { beginCommit, untilGivenUp } from '../resilience/index.ts';
import { type FailureKind, kindOf } from '../store/index.ts';

const attempts = 3;
const longestPauseMs = 50;

/** How far a transaction came. */
interface Attempt<Tables, T> {
  transaction?: Transaction<Tables>;
  /** Set when the work is done; then COMMIT is sent, and whether it was obeyed is not always known. */
  done?: { readonly result: T };
}

/**
 * Runs work in a transaction, and again where that is safe: when the server has undone it, or the
 * connection was lost before COMMIT was sent, so that the server will undo it.
 *
 * Once the work rejects or the signal aborts nothing that the work still does has any effect (see
 * `Fence`), and the transaction has ended before this rejects. COMMIT is the point of no return: its
 * outcome is waited for.
 */
export async function runInTransaction<Tables, T>(
  kysely: Kysely<Tables>,
  run: (transaction: Transaction<Tables>) => Promise<T>,
  signal: AbortSignal,
  onRepeat: (kind: FailureKind) => void,
): Promise<{ result: T; transaction: Transaction<Tables> }> {
  for (let made = 1; ; made += 1) {
    signal.throwIfAborted();
    const attempt: Attempt<Tables, T> = {};
    try {
      return await kysely.transaction().execute(async (transaction) => {
        attempt.transaction = transaction;
        const result = await untilGivenUp(signal, () => run(transaction));
        beginCommit();
        attempt.done = { result };
        return { result, transaction };
      });
    } catch (error) {
      const kind = kindOf(error);
      const isLast = made === attempts || signal.aborted;
      if (kind === undefined || isLast || !isSafeToRepeat(kind, attempt)) throw error;
      onRepeat(kind);
      // Longer each time and at random, so that those who clashed do not clash again.
      await delay(Math.random() * longestPauseMs * made);
    }
  }
}

function isSafeToRepeat<Tables, T>(
  kind: FailureKind,
  { transaction, done }: Attempt<Tables, T>,
): boolean {
  if (kind === 'deadlock' || kind === 'serialization') return true;
  const isLost = kind === 'connection' || kind === 'killed' || kind === 'unavailable';
  return isLost && transaction !== undefined && done === undefined;
}
