/** What a handler that failed, or that nobody knows, is taken to need. */
const failedMs = 1000;
/** How much of the slowest run still counts after each further one: an outlier for some dozens. */
const memory = 0.9;

/** Knows how long the handlers of each type of event have taken of late. */
export class Paces {
  readonly #slowest = new Map<string, number>();

  /** The milliseconds that the next one may take. */
  of(type: string): number {
    return this.#slowest.get(type) ?? failedMs;
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
