import { setTimeout as delay } from 'node:timers/promises';
import { Members } from './members.ts';
import { NatsPartition } from './partition.ts';
import type { Consuming } from './reading.ts';
import { createStream, layoutOf, progressStream } from './streams.ts';

const stepMs = 1000;
/** How long a stop waits until the last progress is written down. */
const lastProgressMs = 3000;

/** Shares the partitions of the service's topics with the other instances, and reads its own. */
export class NatsConsumer {
  readonly #consuming: Consuming;
  readonly #createMissing: () => Promise<void>;
  readonly #partitions: NatsPartition[] = [];
  #topics: readonly string[] = [];
  #members: Members | undefined;
  #steps: NodeJS.Timeout | undefined;
  #problem: Error | undefined;

  /** @param createMissing creates the streams of topics that are not there, if that is allowed. */
  constructor(consuming: Consuming, createMissing: () => Promise<void>) {
    this.#consuming = consuming;
    this.#createMissing = createMissing;
  }

  /** Rejects when not everything can be read; afterwards it keeps itself running. */
  async start(topics: readonly string[]): Promise<void> {
    const { session } = this.#consuming;
    await createStream(session, progressStream(session));
    this.#topics = topics;
    this.#members = new Members(session, topics);
    this.#members.join();
    await this.#step();
    this.check();
    this.#steps = setInterval(() => void this.#step(), stepMs);
    void this.#watchConnection();
  }

  /** Throws while a partition cannot be read. */
  check(): void {
    if (this.#problem !== undefined) throw this.#problem;
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
    try {
      await this.#lookAtStreams();
      this.#problem = undefined;
    } catch (error) {
      this.#problem = error instanceof Error ? error : new Error(String(error));
    }
    await Promise.all(this.#partitions.map((partition) => partition.step()));
    if (this.#isHindered) await this.#restore().catch(() => undefined);
  }

  /** Streams may have been made anew, or have got more partitions. */
  async #lookAtStreams(): Promise<void> {
    const members = this.#members;
    if (members === undefined) return;
    for (const topic of this.#topics) {
      const layout = await layoutOf(this.#consuming.session, topic);
      const known = this.#partitions.filter((partition) => partition.topic === topic);
      for (let number = known.length; number < layout.partitions; number += 1)
        known.push(new NatsPartition(topic, number, this.#consuming, members));
      this.#partitions.push(...known.filter((partition) => !this.#partitions.includes(partition)));
      for (const partition of known) partition.see(layout);
    }
  }

  get #isHindered(): boolean {
    try {
      this.check();
      return false;
    } catch {
      return true;
    }
  }

  /** The server may have lost its streams. */
  async #restore(): Promise<void> {
    await this.#createMissing();
    const { session } = this.#consuming;
    await createStream(session, progressStream(session));
  }

  async #watchConnection(): Promise<void> {
    const { session, log } = this.#consuming;
    for await (const { type } of session.connection.status()) {
      if (type === 'disconnect') log.warn('the connection to NATS broke; it is being made again');
      if (type === 'reconnect') log.info('the connection to NATS was made again');
    }
  }
}
