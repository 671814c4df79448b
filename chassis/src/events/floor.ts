/** Lets work run side by side, or with nothing beside it. */
export class Floor {
  readonly #running = new Set<Promise<unknown>>();
  /** The last of those that run, or wait to run, alone. */
  #alone: Promise<void> | undefined;

  /** Runs once nothing runs alone, or waits to. */
  async beside<T>(run: () => Promise<T>): Promise<T> {
    while (this.#alone !== undefined) await this.#alone;
    const running = run();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Runs once all that was begun has ended; nothing else begins before it has ended itself. */
  alone<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#afterAll(this.#alone, run);
    const ended: Promise<void> = result.then(
      () => this.#leave(ended),
      () => this.#leave(ended),
    );
    this.#alone = ended;
    return result;
  }

  async #afterAll<T>(before: Promise<void> | undefined, run: () => Promise<T>): Promise<T> {
    await before;
    await Promise.allSettled(this.#running);
    return run();
  }

  #leave(ended: Promise<void>): void {
    if (this.#alone === ended) this.#alone = undefined;
  }
}
