import { DatabaseSync } from 'node:sqlite';
import { kindOf } from '../store/index.ts';
import { databaseError } from './driver-error.ts';
import type { Leave } from './places.ts';

/**
 * One process at a time relays: the one that has locked a file beside the database, in which there is
 * nothing. The system lets go of the lock when the process ends, however that happens.
 */
export class RelayLock {
  readonly #path: string;
  #isTaken = false;

  constructor(database: string) {
    this.#path = `${database}-relay`;
  }

  /** @returns what lets go of it, or nothing when another has it. @throws DatabaseError */
  tryTake(): Leave | undefined {
    if (this.#isTaken) return undefined;
    try {
      const file = new DatabaseSync(this.#path, { timeout: 0 });
      try {
        file.exec('begin exclusive');
      } catch (error) {
        file.close();
        throw error;
      }
      this.#isTaken = true;
      return () => {
        this.#isTaken = false;
        file.close();
      };
    } catch (error) {
      const failure = databaseError(error);
      if (kindOf(failure) === 'lock-timeout') return undefined;
      throw failure;
    }
  }
}
