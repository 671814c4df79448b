/** A message that was read, with what tells the broker that it is handled. */
export interface Committable {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  commit(): void | Promise<void>;
}

interface Entry {
  readonly message: Committable;
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
    const entry = { message, handled: false };
    const name = `${message.topic}/${message.partition}`;
    const entries = this.#partitions.get(name);
    const last = entries?.at(-1);
    if (entries === undefined || (last !== undefined && last.message.offset >= message.offset))
      this.#partitions.set(name, [entry]);
    else entries.push(entry);
    return entry;
  }

  /** A message was handled. Returns the one to commit: the last before which none is missing, if new. */
  end(entry: Entry): Committable | undefined {
    entry.handled = true;
    const { topic, partition } = entry.message;
    const entries = this.#partitions.get(`${topic}/${partition}`) ?? [];
    if (!entries.includes(entry)) return undefined;
    const open = entries.findIndex(({ handled }) => !handled);
    const done = entries.splice(0, open === -1 ? entries.length : open);
    return done.at(-1)?.message;
  }
}
