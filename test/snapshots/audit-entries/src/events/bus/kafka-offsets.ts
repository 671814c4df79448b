/** A message that was read, with what tells the broker that it is handled. */
export interface Committable {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  commit(): void | Promise<void>;
}

interface Entry {
  readonly message: Committable;
  /** Those of its partition that are in the works, in their order. */
  readonly among: Entry[];
  handled: boolean;
}

/**
 * Messages of a partition may be handled out of their order, but a committed offset speaks for all
 * before it: keeps those that are in the works, and tells up to which one all are handled.
 */
export class Offsets {
  readonly #partitions = new Map<string, Entry[]>();

  /** A message was read. One that comes again (after a rebalance) starts its partition anew. */
  begin(message: Committable): Entry {
    const name = `${message.topic}/${message.partition}`;
    const entries = this.#partitions.get(name);
    const last = entries?.at(-1);
    const isNew = entries === undefined || (last?.message.offset ?? -1n) >= message.offset;
    const entry: Entry = { message, among: isNew ? [] : entries, handled: false };
    entry.among.push(entry);
    if (isNew) this.#partitions.set(name, entry.among);
    return entry;
  }

  /** A message was handled. Returns the one to commit: the last before which none is missing, if new. */
  end(entry: Entry): Committable | undefined {
    entry.handled = true;
    const { among } = entry;
    const { topic, partition } = entry.message;
    let last: Committable | undefined;
    // `among` is left behind when its partition was started anew.
    if (this.#partitions.get(`${topic}/${partition}`) !== among) return undefined;
    for (let [first] = among; first?.handled === true; [first] = among) {
      last = first.message;
      among.shift();
    }
    return last;
  }
}
