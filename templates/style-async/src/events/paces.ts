/** A handler that has been slower than this, of late, is slow. */
const quickMs = 20;
/** What a handler that failed is taken to have needed. */
const failedMs = 1000;
/** How much of the slowest run still counts after each further one: an outlier for some dozens. */
const memory = 0.9;

/** Knows which types of events are handled quickly and without failures. */
export class Paces {
  readonly #slowest = new Map<string, number>();

  /** Unknown ones are not. */
  isQuick(type: string): boolean {
    return (this.#slowest.get(type) ?? failedMs) < quickMs;
  }

  /** Runs a handler of the type, and takes in how that went. */
  async note(type: string, run: () => Promise<void>): Promise<void> {
    const started = performance.now();
    let taken = failedMs;
    try {
      await run();
      taken = performance.now() - started;
    } finally {
      this.#slowest.set(type, Math.max(taken, (this.#slowest.get(type) ?? 0) * memory));
    }
  }
}
