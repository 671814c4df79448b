import { TimeoutError } from '../resilience/timeout.ts';

/** A deadline for several runs, one after the other: one timer for all of them. */
export class SharedDeadline {
  readonly #timer: NodeJS.Timeout;
  #giveUp: (why: TimeoutError) => void = () => undefined;
  #passed: TimeoutError | undefined;

  constructor(milliseconds: number) {
    this.#timer = setTimeout(() => {
      this.#passed = new TimeoutError(milliseconds);
      this.#giveUp(this.#passed);
    }, milliseconds);
  }

  /** Rejects with `TimeoutError` at the deadline whether or not the run has ended by then. */
  run<T>(run: () => Promise<T>): Promise<T> {
    if (this.#passed !== undefined) return Promise.reject(this.#passed);
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      run().then(resolve, reject);
    });
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
