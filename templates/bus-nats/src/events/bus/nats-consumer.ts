import { setTimeout as delay } from 'node:timers/promises';
import { Members } from './nats-members.ts';
import { NatsPartition } from './nats-partition.ts';
import type { Consuming } from './nats-reading.ts';
import { createStream, partitionsOf, progressStream } from './nats-streams.ts';

const stepMs = 1000;
/** How long a stop waits until the last progress is written down. */
const lastProgressMs = 3000;

/** Shares the partitions of the service's topics with the other instances, and reads its own. */
export class NatsConsumer {
  readonly #consuming: Consuming;
  readonly #partitions: NatsPartition[] = [];
  #members: Members | undefined;
  #steps: NodeJS.Timeout | undefined;

  constructor(consuming: Consuming) {
    this.#consuming = consuming;
  }

  /** Rejects when not everything can be read; afterwards it keeps itself running. */
  async start(topics: readonly string[]): Promise<void> {
    const { session } = this.#consuming;
    await createStream(session, progressStream());
    const members = new Members(session, topics);
    for (const topic of topics) {
      const count = await partitionsOf(session, topic);
      for (let partition = 0; partition < count; partition += 1)
        this.#partitions.push(new NatsPartition(topic, partition, this.#consuming, members));
    }
    this.#members = members;
    members.join();
    await this.#step();
    this.check();
    this.#steps = setInterval(() => void this.#step(), stepMs);
    void this.#watchConnection();
  }

  /** Throws while a partition cannot be read. */
  check(): void {
    for (const partition of this.#partitions) partition.check();
  }

  /** How many messages of each topic are not handled, in the partitions that this instance reads. */
  async lag(): Promise<ReadonlyMap<string, number>> {
    const lag = new Map<string, number>();
    const each = this.#partitions.map(
      async (partition) => [partition.topic, await partition.lag()] as const,
    );
    for (const [topic, count] of await Promise.all(each))
      lag.set(topic, (lag.get(topic) ?? 0) + count);
    return lag;
  }

  /** Begins nothing more, waits for what is being handled, and leaves the rest to the others. */
  async stop(): Promise<void> {
    for (const partition of this.#partitions) partition.stop();
    await this.#consuming.lanes.idle();
    clearInterval(this.#steps);
    await Promise.race([this.#step(), delay(lastProgressMs, undefined, { ref: false })]);
    this.#members?.leave();
  }

  async #step(): Promise<void> {
    await Promise.all(this.#partitions.map((partition) => partition.step()));
  }

  async #watchConnection(): Promise<void> {
    const { session, log } = this.#consuming;
    for await (const { type } of session.connection.status()) {
      if (type === 'disconnect') log.warn('the connection to NATS broke; it is being made again');
      if (type === 'reconnect') log.info('the connection to NATS was made again');
    }
  }
}
