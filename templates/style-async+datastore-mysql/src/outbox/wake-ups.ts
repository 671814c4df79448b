import type { Database } from '../database/database.ts';
import { hasWritten } from './outbox.ts';

/**
 * Calls back whenever a commit of this instance wrote to the outbox. MySQL cannot tell of those of
 * other instances, who wake their own relays; should one of them end just then, the others find its
 * events when they look by themselves.
 */
export class WakeUps {
  readonly #databases: readonly Database[];
  readonly #wake: () => void;

  /** @param databases whose commits are heard of: each that may write to the outbox. */
  constructor(databases: readonly Database[], wake: () => void) {
    this.#databases = databases;
    this.#wake = wake;
  }

  /** Sees to it that commits are heard of from now on. */
  async listen(): Promise<void> {
    for (const database of this.#databases) {
      if (database.listenerCount('committed') > 0) continue;
      database.on('committed', (transaction) => {
        if (hasWritten(transaction)) this.#wake();
      });
    }
  }

  async stop(): Promise<void> {
    for (const database of this.#databases) database.removeAllListeners('committed');
  }
}
