import { BulkheadFullError } from '../../resilience/index.ts';

/** One caller sends as many bodies at once as one may: 429, with the time when to ask again. */
class TooManyUploadsError extends Error {
  override readonly name = 'TooManyUploadsError';
  readonly statusCode = 429;
  readonly retryAfterMs = 1000;

  constructor() {
    super('As many bodies are being sent at once as one caller may.');
  }
}

/** Places for bodies that are under way, of which one caller can have no more than its share. */
export class Shares {
  readonly #places: number;
  readonly #share: number;
  readonly #taken = new Map<string, number>();
  #all = 0;

  constructor(places: number, share: number) {
    this.#places = places;
    this.#share = share;
  }

  /**
   * Takes a place.
   *
   * @param of whose places these are, for the error.
   * @returns what gives it back; a second time it does nothing.
   * @throws TooManyUploadsError, or BulkheadFullError when there is none for anybody.
   */
  take(caller: string, of: string): () => void {
    const taken = this.#taken.get(caller) ?? 0;
    if (taken >= this.#share) throw new TooManyUploadsError();
    if (this.#all >= this.#places) throw new BulkheadFullError(of);
    this.#taken.set(caller, taken + 1);
    this.#all += 1;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#all -= 1;
      const left = (this.#taken.get(caller) ?? 1) - 1;
      if (left === 0) this.#taken.delete(caller);
      else this.#taken.set(caller, left);
    };
  }
}
