import { z } from 'zod';
import type { RedisConnection } from './connection.ts';
import { leaseValue, releaseScript, renewScript } from './lease-scripts.ts';
import type { Partition } from './partition.ts';
import { streamOf } from './topics.ts';

const leaseMs = 8000;
/** Handling stops this long before others may take over. */
const marginMs = 1000;

const renewedSchema = z.tuple([z.number(), z.array(z.number())]);

/**
 * Shares partitions among the instances of a service that live: each is read by the one that holds its
 * lease. An instance that ends without a word loses its leases after 8 seconds.
 */
export class RedisLeases {
  readonly #connection: RedisConnection;
  readonly #instance: string;
  readonly #topics: readonly { readonly key: string; readonly partitions: readonly Partition[] }[];
  #session = 0;
  #validUntil = 0;

  constructor(
    connection: RedisConnection,
    instance: string,
    group: string,
    partitions: readonly Partition[],
  ) {
    this.#connection = connection;
    this.#instance = instance;
    this.#topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, own]) => ({
      key: `${streamOf(topic)}:${group}:instances`,
      partitions: own,
    }));
  }

  /** What the leases must say for this instance to read. */
  get value(): string {
    return leaseValue(this.#instance, this.#session);
  }

  /** Has what was read before, and may arrive late, find no lease; `renew` has to come next. */
  startSession(): void {
    this.#session += 1;
  }

  /** Whether a partition is this instance's to read and handle. One whose lease may have ended is not. */
  holds(partition: Partition): boolean {
    if (performance.now() > this.#validUntil) partition.lose();
    return partition.held;
  }

  /** Prolongs the leases, takes what is free up to the fair share and gives back what is beyond it. */
  async renew(take: boolean): Promise<void> {
    const sentAt = performance.now();
    const answers = await this.#connection.run((client) =>
      Promise.all(
        this.#topics.map(({ key, partitions }) =>
          client.eval(renewScript, {
            keys: [key, ...partitions.map(({ leaseKey }) => leaseKey)],
            arguments: [...this.#holder, `${leaseMs}`, take ? 'yes' : 'no'],
          }),
        ),
      ),
    );
    for (const { partitions } of this.#topics) for (const each of partitions) this.holds(each);
    this.#validUntil = sentAt + leaseMs - marginMs;
    for (const [index, { partitions }] of this.#topics.entries()) {
      const [share, held] = renewedSchema.parse(answers[index]);
      const own = partitions.filter((_, number) => held[number] === 1);
      for (const partition of partitions)
        if (own.includes(partition)) partition.take();
        else partition.lose();
      for (const surplus of own.slice(share)) surplus.leave();
    }
    await this.#release(this.#partitions.filter(({ left }) => left));
  }

  /** Leaves everything to the other instances. */
  async leave(): Promise<void> {
    await this.#release(this.#partitions);
    await this.#connection.run((client) =>
      Promise.all(this.#topics.map(({ key }) => client.zRem(key, this.#instance))),
    );
  }

  get #holder(): string[] {
    return [this.#instance, `${this.#session}`];
  }

  get #partitions(): readonly Partition[] {
    return this.#topics.flatMap(({ partitions }) => partitions);
  }

  async #release(partitions: readonly Partition[]): Promise<void> {
    if (partitions.length === 0) return;
    const keys = partitions.map(({ leaseKey }) => leaseKey);
    await this.#connection.run((client) =>
      client.eval(releaseScript, { keys, arguments: this.#holder }),
    );
    for (const partition of partitions) partition.lose();
  }
}
