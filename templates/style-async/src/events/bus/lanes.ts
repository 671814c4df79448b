/** A message's work; the first of a lane's runs, the others wait for it. */
type Task = () => Promise<void>;

/**
 * Runs tasks of one key one after the other, and those of different keys side by side: a key that is
 * slow holds up nobody else. Whoever adds more than there is room for is made to wait.
 */
export class Lanes {
  readonly #capacity: number;
  readonly #lanes = new Map<string, Task[]>();
  #size = 0;
  #added: Promise<void> = Promise.resolve();
  #changed = Promise.withResolvers<void>();

  /** @param capacity how many tasks there are at once, those that wait for their key included. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Adds a task, which must not reject, once those added before are; resolves when there is room. */
  add(key: string, task: Task): Promise<void> {
    this.#added = this.#added.then(() => this.#add(key, task));
    return this.#added;
  }

  /** Resolves when every task that was added has ended. */
  async idle(): Promise<void> {
    await this.#added;
    while (this.#size > 0) await this.#changed.promise;
  }

  async #add(key: string, task: Task): Promise<void> {
    this.#size += 1;
    const lane = this.#lanes.get(key);
    if (lane === undefined) {
      const opened = [task];
      this.#lanes.set(key, opened);
      void this.#run(key, opened);
    } else {
      lane.push(task);
    }
    while (this.#size >= this.#capacity) await this.#changed.promise;
  }

  async #run(key: string, lane: Task[]): Promise<void> {
    for (let task = lane[0]; task !== undefined; task = lane[0]) {
      await task();
      lane.shift();
      if (lane.length === 0) this.#lanes.delete(key);
      this.#size -= 1;
      this.#changed.resolve();
      this.#changed = Promise.withResolvers<void>();
    }
  }
}
