const steps = 10;

/**
 * Counts what happened in the last while, and how much of it was marked; it forgets in steps of a
 * tenth of the window. Times are milliseconds of `performance.now()`.
 */
export class SlidingWindow {
  readonly #stepMs: number;
  readonly #all: number[] = Array(steps).fill(0);
  readonly #marked: number[] = Array(steps).fill(0);
  #step = 0;

  /** In the whole window, the marked included. */
  all = 0;
  marked = 0;

  constructor(windowMs: number) {
    this.#stepMs = windowMs / steps;
  }

  add(now: number, isMarked: boolean): void {
    this.forgetOld(now);
    const index = this.#step % steps;
    this.all += 1;
    this.#all[index] = (this.#all[index] ?? 0) + 1;
    if (!isMarked) return;
    this.marked += 1;
    this.#marked[index] = (this.#marked[index] ?? 0) + 1;
  }

  /** Brings the sums up to date; `add` does so itself. */
  forgetOld(now: number): void {
    const step = Math.floor(now / this.#stepMs);
    const from = Math.max(this.#step + 1, step - steps + 1);
    for (let passed = from; passed <= step; passed += 1) {
      const index = passed % steps;
      this.all -= this.#all[index] ?? 0;
      this.marked -= this.#marked[index] ?? 0;
      this.#all[index] = 0;
      this.#marked[index] = 0;
    }
    this.#step = step;
  }
}
