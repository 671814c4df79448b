import { setTimeout as delay } from 'node:timers/promises';
import { type Consuming, NatsPartition } from './nats-partition.ts';
import { partitionsOf } from './nats-streams.ts';

/** How often the server hears that a message is still being handled. */
const beatMs = 3000;
/** How long a stop waits until the server has read the last answers. */
const lastAnswersMs = 3000;

/** Reads all partitions of the service's topics side by side, each in its order. */
export class NatsConsumer {
  readonly #consuming: Consuming;
  readonly #partitions: NatsPartition[] = [];
  #beat: NodeJS.Timeout | undefined;

  constructor(consuming: Consuming) {
    this.#consuming = consuming;
  }

  /** Rejects when not everything can be read; afterwards it keeps itself running. */
  async start(topics: readonly string[]): Promise<void> {
    const { session } = this.#consuming;
    for (const topic of topics) {
      const count = await partitionsOf(session, topic);
      for (let partition = 0; partition < count; partition += 1)
        this.#partitions.push(new NatsPartition(topic, partition, this.#consuming));
    }
    this.#beat = setInterval(() => {
      for (const partition of this.#partitions) partition.beat();
    }, beatMs);
    await Promise.all(this.#partitions.map((partition) => partition.start()));
    void this.#watchConnection();
  }

  /** Throws while a partition cannot be read. */
  check(): void {
    for (const partition of this.#partitions) partition.check();
  }

  /** How many messages of each topic the service has not handled, whichever instance will. */
  async lag(): Promise<ReadonlyMap<string, number>> {
    const lag = new Map<string, number>();
    const each = this.#partitions.map(
      async (partition) => [partition.topic, await partition.lag()] as const,
    );
    for (const [topic, count] of await Promise.all(each))
      lag.set(topic, (lag.get(topic) ?? 0) + count);
    return lag;
  }

  /** Takes no more messages, and waits for those that are being handled and for the last answers. */
  async stop(): Promise<void> {
    const { lanes, session } = this.#consuming;
    await Promise.all(this.#partitions.map((partition) => partition.leave()));
    await lanes.idle();
    clearInterval(this.#beat);
    const flushed = session.connection.flush().catch(() => undefined);
    await Promise.race([flushed, delay(lastAnswersMs, undefined, { ref: false })]);
  }

  async #watchConnection(): Promise<void> {
    const { session, log } = this.#consuming;
    for await (const { type } of session.connection.status()) {
      if (type === 'disconnect') log.warn('the connection to NATS broke; it is being made again');
      if (type !== 'reconnect') continue;
      log.info('the connection to NATS was made again');
      for (const partition of this.#partitions) partition.reconnected();
    }
  }
}
