import { HttpError } from '../../http/index.ts';

/** Bytes a second: a body that comes more slowly does not come. */
const slowest = 1024;

/** Watches how fast a caller sends its body while it is waited for. */
export class Pace {
  readonly #timer: NodeJS.Timeout;
  #received = 0;
  #isPaused = false;

  /**
   * @param slowFor milliseconds for which it may send more slowly than a caller must.
   * @param tooSlow is given HttpError 408 when it has.
   */
  constructor(slowFor: number, tooSlow: (error: HttpError) => void) {
    this.#timer = setInterval(() => {
      const isSlow = !this.#isPaused && this.#received < (slowest * slowFor) / 1000;
      this.#received = 0;
      if (isSlow) tooSlow(new HttpError(408, 'The body came too slowly.'));
    }, slowFor);
  }

  received(bytes: number): void {
    this.#received += bytes;
  }

  /** While the caller is not waited for, it cannot be too slow. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    // Of this stretch of time it had only a part.
    this.#received = Number.POSITIVE_INFINITY;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
