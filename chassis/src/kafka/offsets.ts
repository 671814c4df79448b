/** A message that was read, with what tells the broker that it is handled. */
export interface Committable {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  commit(): void | Promise<void>;
}

/** Messages of one partition that are in the works, in their order. */
interface Reading {
  readonly entries: Entry[];
  /** Set once the partition was started anew; what is left here commits nothing. */
  isOver: boolean;
}

interface Entry {
  readonly message: Committable;
  readonly among: Reading;
  handled: boolean;
}

/**
 * Messages of a partition may be handled out of their order, but a committed offset speaks for all
 * before it: keeps those that are in the works, and tells up to which one all are handled.
 */
export class Offsets {
  /** By topic, and there by the number of the partition. */
  readonly #readings = new Map<string, Reading[]>();

  /** A message was read. One that comes again (after a rebalance) starts its partition anew. */
  begin(message: Committable): Entry {
    const entry = { message, among: this.#readingOf(message), handled: false };
    entry.among.entries.push(entry);
    return entry;
  }

  #readingOf({ topic, partition, offset }: Committable): Reading {
    let partitions = this.#readings.get(topic);
    if (partitions === undefined) {
      partitions = [];
      this.#readings.set(topic, partitions);
    }
    const current = partitions[partition];
    const last = current?.entries.at(-1)?.message.offset;
    if (current !== undefined && (last === undefined || last < offset)) return current;
    if (current !== undefined) current.isOver = true;
    const reading = { entries: [], isOver: false };
    partitions[partition] = reading;
    return reading;
  }

  /** A message was handled. Returns the one to commit: the last before which none is missing, if new. */
  end(entry: Entry): Committable | undefined {
    entry.handled = true;
    const { entries, isOver } = entry.among;
    if (isOver) return undefined;
    let handled = 0;
    while (entries[handled]?.handled === true) handled += 1;
    if (handled === 0) return undefined;
    return entries.splice(0, handled).at(-1)?.message;
  }
}
