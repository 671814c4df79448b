import { DatabaseError } from '../store/index.ts';

/** Gives a place back. */
export type Leave = () => void;

/** Places that are taken one after the other, in the order of asking, by whoever waits no longer than a limit. */
export class Places {
  readonly #most: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;
  #onLastLeft: () => void = () => undefined;

  constructor(most: number) {
    this.#most = most;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Takes a place, if one is free now. */
  tryTake(): Leave | undefined {
    if (this.#taken >= this.#most) return undefined;
    this.#taken += 1;
    return this.#leave();
  }

  /**
   * Waits for a place.
   *
   * @param limitMs rejects with a `DatabaseError` of kind `pool` when none was free by then.
   * @param signal ends the waiting: rejects with its reason.
   */
  async take(limitMs: number, signal?: AbortSignal): Promise<Leave> {
    signal?.throwIfAborted();
    const free = this.tryTake();
    if (free !== undefined) return free;
    const turn = Promise.withResolvers<void>();
    const tooLate = new DatabaseError('pool', 'no database connection was free in time');
    const timer = setTimeout(() => turn.reject(tooLate), limitMs);
    const onAbort = (): void => turn.reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#waiting.add(turn.resolve);
    try {
      await turn.promise;
    } catch (error) {
      // Whoever left just now has given it the place.
      if (!this.#waiting.delete(turn.resolve)) this.#leave()();
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
    return this.#leave();
  }

  /** Waits until nobody has a place. */
  async empty(): Promise<void> {
    if (this.#taken === 0) return;
    await new Promise<void>((resolve) => {
      this.#onLastLeft = resolve;
    });
  }

  /** A place goes straight to the next who waits, so that nobody comes in between. */
  #leave(): Leave {
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      const [next] = this.#waiting;
      if (next !== undefined) {
        this.#waiting.delete(next);
        next();
        return;
      }
      this.#taken -= 1;
      if (this.#taken === 0) this.#onLastLeft();
    };
  }
}
