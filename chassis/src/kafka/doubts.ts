interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** Where partitions end, by topic, and there by the number of the partition. */
type Ends = ReadonlyMap<string, readonly bigint[]>;

/**
 * Knows which messages may have been in the works before: of each partition those after the last
 * commit, as many as a member has in the works at most, if they were there when the partition was given
 * to this one. Kafka does not count deliveries.
 */
export class Doubts {
  readonly #inTheWorks: number;
  readonly #findEnds: () => Promise<Ends>;
  /** How many were read of each partition since it was given to this member. */
  readonly #read = new Map<string, number>();
  #ends: Ends = new Map();

  constructor(inTheWorks: number, findEnds: () => Promise<Ends>) {
    this.#inTheWorks = inTheWorks;
    this.#findEnds = findEnds;
  }

  /** The partitions were given out anew: their owners of before may have ended. */
  async begin(): Promise<void> {
    this.#read.clear();
    this.#ends = new Map();
    this.#ends = await this.#findEnds();
  }

  /** Whether a message that is read now may have been in the works before. */
  about({ topic, partition, offset }: Place): boolean {
    const end = this.#ends.get(topic)?.[partition];
    if (end !== undefined && offset >= end) return false;
    const place = `${topic}/${partition}`;
    const read = (this.#read.get(place) ?? 0) + 1;
    if (read <= this.#inTheWorks) this.#read.set(place, read);
    return read <= this.#inTheWorks;
  }
}
