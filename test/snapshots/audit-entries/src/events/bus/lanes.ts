interface Lane {
  readonly key: string;
  /** The first one runs, or is next to. */
  readonly tasks: (() => Promise<void>)[];
}

/** How many tasks may wait for each one that may run, before `add` holds its caller back. */
const waitingPerRunning = 8;

/**
 * Runs tasks of one key one after the other, and those of different keys side by side: a key that is
 * slow holds up nobody else. Whoever adds more than can be run soon is made to wait.
 */
export class Lanes {
  readonly #concurrency: number;
  readonly #capacity: number;
  readonly #lanes = new Map<string, Lane>();
  readonly #ready: Lane[] = [];
  #running = 0;
  #size = 0;
  #changed = Promise.withResolvers<void>();

  /** @param concurrency how many tasks run at once. */
  constructor(concurrency: number) {
    this.#concurrency = concurrency;
    this.#capacity = concurrency * waitingPerRunning;
  }

  /** Adds a task, which must not reject; resolves when there is room for another. */
  async add(key: string, task: () => Promise<void>): Promise<void> {
    this.#size += 1;
    const lane = this.#lanes.get(key);
    if (lane === undefined) {
      const opened = { key, tasks: [task] };
      this.#lanes.set(key, opened);
      this.#ready.push(opened);
      this.#runReady();
    } else {
      lane.tasks.push(task);
    }
    while (this.#size >= this.#capacity) await this.#changed.promise;
  }

  /** Resolves when every task that was added has ended. */
  async idle(): Promise<void> {
    while (this.#size > 0) await this.#changed.promise;
  }

  #runReady(): void {
    while (this.#running < this.#concurrency) {
      const lane = this.#ready.shift();
      const task = lane?.tasks[0];
      if (lane === undefined || task === undefined) return;
      this.#running += 1;
      void task().finally(() => this.#ended(lane));
    }
  }

  #ended(lane: Lane): void {
    this.#running -= 1;
    this.#size -= 1;
    lane.tasks.shift();
    if (lane.tasks.length > 0) this.#ready.push(lane);
    else this.#lanes.delete(lane.key);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
    this.#runReady();
  }
}
