/** A message's work; the first of a lane's runs, the others wait for it. */
type Task = () => Promise<void>;

interface Waiting {
  readonly key: string;
  readonly task: Task;
  /** Tells that there was room for it. */
  added(): void;
}

/**
 * Runs tasks of one key one after the other, and those of different keys side by side: a key that is
 * slow holds up nobody else. Whoever adds more than there is room for is made to wait.
 */
export class Lanes {
  readonly #capacity: number;
  readonly #lanes = new Map<string, Task[]>();
  /** Empty unless there is no room. */
  readonly #waiting: Waiting[] = [];
  readonly #idle: (() => void)[] = [];
  #size = 0;

  /** @param capacity how many tasks there are at once, those that wait for their key included. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /**
   * Adds a task, which must not reject: at once, or when there is room for it after those that came
   * before it, which is when the returned promise resolves.
   */
  add(key: string, task: Task): Promise<void> | undefined {
    if (this.#size >= this.#capacity)
      return new Promise((added) => this.#waiting.push({ key, task, added }));
    this.#begin(key, task);
    return undefined;
  }

  /** Resolves when every task that was added has ended. */
  async idle(): Promise<void> {
    if (this.#size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #begin(key: string, task: Task): void {
    this.#size += 1;
    const lane = this.#lanes.get(key);
    if (lane !== undefined) {
      lane.push(task);
      return;
    }
    const opened = [task];
    this.#lanes.set(key, opened);
    void this.#run(key, opened);
  }

  async #run(key: string, lane: Task[]): Promise<void> {
    for (let task = lane[0]; task !== undefined; task = lane[0]) {
      await task();
      lane.shift();
      if (lane.length === 0) this.#lanes.delete(key);
      this.#ended();
    }
  }

  #ended(): void {
    this.#size -= 1;
    const next = this.#waiting.shift();
    if (next !== undefined) {
      this.#begin(next.key, next.task);
      next.added();
    }
    if (this.#size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
