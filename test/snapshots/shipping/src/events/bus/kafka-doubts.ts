interface Place {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Knows which messages may have been in the works before: of each partition those after the last
 * commit, as many as a member has in the works at most. Kafka does not count deliveries.
 */
export class Doubts {
  readonly #inTheWorks: number;
  /** How many were read of each partition since it was given to this member. */
  readonly #read = new Map<string, number>();

  constructor(inTheWorks: number) {
    this.#inTheWorks = inTheWorks;
  }

  /** The partitions were given out anew: their owners of before may have ended. */
  begin(): void {
    this.#read.clear();
  }

  /** Whether a message that is read now may have been in the works before. */
  about({ topic, partition }: Place): boolean {
    const place = `${topic}/${partition}`;
    const read = (this.#read.get(place) ?? 0) + 1;
    if (read <= this.#inTheWorks) this.#read.set(place, read);
    return read <= this.#inTheWorks;
  }
}
