/** A message's work; the first of a lane's runs, the others wait for it. */
type Task = () => Promise<void>;

interface Entry {
  readonly key: string;
  readonly bytes: number;
  readonly task: Task;
}

interface Waiting extends Entry {
  /** Hears that there was room for it. */
  added(): void;
}

/**
 * What is held in memory at once, at most, apart from one message that is larger: a fraction of the 512
 * MiB of the manifest, and many times what a bus takes in one message.
 */
const mostBytes = 33_554_432;
/** What a message takes up besides its body. */
const bytesBeside = 1024;

/**
 * Runs tasks of one key one after the other, and those of different keys side by side: a key that is
 * slow, or that has much waiting, holds up nobody else. Whoever adds more than there is room for is
 * made to wait.
 */
export class Lanes {
  readonly #mostKeys: number;
  readonly #lanes = new Map<string, Entry[]>();
  /** Empty unless there is no room. */
  #waiting: Waiting[] = [];
  readonly #idle: (() => void)[] = [];
  #bytes = 0;

  /** @param mostKeys how many tasks run at once; those that wait for their key are bounded by their bytes. */
  constructor(mostKeys: number) {
    this.#mostKeys = mostKeys;
  }

  /**
   * Adds a task, which must not reject: at once, or when there is room for it after those of its key
   * that came before it, which is when the returned promise resolves.
   *
   * @param bytes what is held in memory for it.
   */
  add(key: string, bytes: number, task: Task): Promise<void> | undefined {
    const entry = { key, bytes: bytes + bytesBeside, task };
    if (!this.#hasRoom(key)) return new Promise((added) => this.#waiting.push({ ...entry, added }));
    this.#begin(entry);
    return undefined;
  }

  /** Resolves when every task that was added has ended. */
  async idle(): Promise<void> {
    if (this.#lanes.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #hasRoom(key: string): boolean {
    return this.#bytes < mostBytes && (this.#lanes.has(key) || this.#lanes.size < this.#mostKeys);
  }

  #begin(entry: Entry): void {
    this.#bytes += entry.bytes;
    const lane = this.#lanes.get(entry.key);
    if (lane !== undefined) {
      lane.push(entry);
      return;
    }
    const opened = [entry];
    this.#lanes.set(entry.key, opened);
    void this.#run(entry.key, opened);
  }

  async #run(key: string, lane: Entry[]): Promise<void> {
    for (let entry = lane[0]; entry !== undefined; entry = lane[0]) {
      await entry.task();
      lane.shift();
      if (lane.length === 0) this.#lanes.delete(key);
      this.#bytes -= entry.bytes;
      this.#admit();
    }
  }

  /** Those of a key that there is no room for stay in their order, as there is none for any of them. */
  #admit(): void {
    this.#waiting = this.#waiting.filter((one) => {
      if (!this.#hasRoom(one.key)) return true;
      this.#begin(one);
      one.added();
      return false;
    });
    if (this.#lanes.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
