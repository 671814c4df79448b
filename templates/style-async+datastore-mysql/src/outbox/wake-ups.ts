import type { Database } from '../database/database.ts';
import { hasWritten } from './outbox.ts';

/**
 * Calls back whenever a commit of this instance wrote to the outbox. MySQL cannot tell of those of
 * other instances, who wake their own relays; should one of them end just then, the others find its
 * events when they look by themselves.
 */
export class WakeUps {
  readonly #database: Database;
  readonly #wake: () => void;

  constructor(database: Database, wake: () => void) {
    this.#database = database;
    this.#wake = wake;
  }

  /** Sees to it that commits are heard of from now on. */
  async listen(): Promise<void> {
    if (this.#database.listenerCount('committed') > 0) return;
    this.#database.on('committed', (transaction) => {
      if (hasWritten(transaction)) this.#wake();
    });
  }

  async stop(): Promise<void> {
    this.#database.removeAllListeners('committed');
  }
}
