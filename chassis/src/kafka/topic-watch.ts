import type { Consumer } from '@platformatic/kafka';

/** What a topic was when it was looked at: another id is another topic of the same name. */
interface TopicState {
  readonly id: string;
  readonly partitionsCount: number;
}

/** What it asks of the consumer. */
type Watched = Pick<Consumer<string, Buffer, string, string>, 'metadata' | 'commit'>;

/** A partition that was added, or a topic that was made anew, is noticed within that time. */
const lookEveryMs = 5000;

/**
 * Looks whether the topics of a consumer are still what they were when it joined its group: a member
 * goes on with the partitions that there were then.
 */
export class TopicWatch {
  readonly #consumer: Watched;
  readonly #topics: readonly string[];
  readonly #createMissing: () => Promise<void>;
  readonly #isFound: () => Promise<boolean>;
  #seen: ReadonlyMap<string, TopicState> = new Map();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param createMissing is called before each look.
   * @param isFound tells whether a topic is there that was not.
   */
  constructor(
    consumer: Watched,
    topics: readonly string[],
    createMissing: () => Promise<void>,
    isFound: () => Promise<boolean>,
  ) {
    this.#consumer = consumer;
    this.#topics = topics;
    this.#createMissing = createMissing;
    this.#isFound = isFound;
  }

  /** Calls `changed` once they are not what they are now. */
  async start(changed: (error: Error) => void): Promise<void> {
    this.#seen = await this.#look();
    this.#timer = setInterval(() => {
      this.#findChange().then(
        (change) => change && changed(new Error(change)),
        // The broker is away, which the stream finds out as well.
        () => undefined,
      );
    }, lookEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * Puts the group at the start of topics that were made anew meanwhile, as what was committed was about
   * others of their names. To be called after the last commit.
   */
  async startAnew(): Promise<void> {
    const now = await this.#look();
    const offsets = [...now].flatMap(([topic, { id, partitionsCount }]) =>
      this.#seen.get(topic)?.id === id
        ? []
        : Array.from({ length: partitionsCount }, (_, partition) => ({
            ...{ topic, partition, offset: 0n, leaderEpoch: -1 },
          })),
    );
    if (offsets.length > 0) await this.#consumer.commit({ offsets });
  }

  async #findChange(): Promise<string | undefined> {
    await this.#createMissing();
    if (await this.#isFound()) return 'a topic is there again';
    for (const [topic, { id, partitionsCount }] of await this.#look()) {
      const before = this.#seen.get(topic);
      if (before?.id !== id) return `the topic ${topic} was made anew`;
      if (before.partitionsCount !== partitionsCount)
        return `the topic ${topic} has ${partitionsCount} partitions now`;
    }
    return undefined;
  }

  async #look(): Promise<ReadonlyMap<string, TopicState>> {
    const { topics } = await this.#consumer.metadata({
      topics: [...this.#topics],
      forceUpdate: true,
    });
    return topics;
  }
}
