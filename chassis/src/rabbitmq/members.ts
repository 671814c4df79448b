import { randomUUID } from 'node:crypto';
import type { ChannelModel } from 'amqplib';
import { z } from 'zod';
import { partitionOf } from '../events/bus/partitions.ts';
import { quiet } from './link.ts';
import type { Publisher } from './publisher.ts';

const helloMs = 2000;
/** An instance that has not said hello for so long is gone. */
const silentMs = 5000;

/** Travels as headers. */
const helloSchema = z.object({
  id: z.string(),
  /** What it consumes; nothing when it leaves. */
  topics: z.array(z.string()).readonly(),
});

interface Member {
  readonly topics: ReadonlySet<string>;
  readonly heardAt: number;
}

/**
 * Knows the instances of this service, so that they share the partitions: each says hello every few
 * seconds. It is only about fairness: the server sees to it that a partition is consumed by one
 * instance at a time, whatever these believe.
 */
export class Members {
  readonly #id = randomUUID();
  readonly #exchange: string;
  readonly #topics: readonly string[];
  readonly #publisher: Publisher;
  readonly #others = new Map<string, Member>();
  #timer: NodeJS.Timeout | undefined;

  /** @param publisher what says hello; a connection that publishes may be held up by the server. */
  constructor(service: string, topics: readonly string[], publisher: Publisher) {
    this.#exchange = `${service}.instances`;
    this.#topics = topics;
    this.#publisher = publisher;
  }

  /** Hears the others from now on. Calls `broke` when it does not any more. */
  async listen(connection: ChannelModel, broke: (error: Error) => void): Promise<void> {
    const channel = quiet(await connection.createChannel());
    channel.once('close', () => broke(new Error('the connection broke')));
    const exchange = this.#exchange;
    await channel.assertExchange(exchange, 'fanout', { durable: true });
    const queue = `${exchange}.${randomUUID()}`;
    await channel.assertQueue(queue, { exclusive: true, durable: false });
    await channel.bindQueue(queue, exchange, '');
    await channel.consume(queue, (hello) => this.#hear(hello?.properties.headers), { noAck: true });
  }

  /** Is heard by the others from now on. */
  join(): void {
    this.#say(this.#topics);
    this.#timer = setInterval(() => this.#say(this.#topics), helloMs).unref();
  }

  leave(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#say([]);
  }

  /** Whether a partition falls to this instance when those that consume its topic take turns. */
  isMine(topic: string, partition: number): boolean {
    const ids: string[] = [this.#id];
    for (const [id, { topics, heardAt }] of this.#others)
      if (performance.now() - heardAt > silentMs) this.#others.delete(id);
      else if (topics.has(topic)) ids.push(id);
    ids.sort();
    return ids[(partitionOf(topic, ids.length) + partition) % ids.length] === this.#id;
  }

  #hear(headers: unknown): void {
    const hello = helloSchema.safeParse(headers);
    if (!hello.success || hello.data.id === this.#id) return;
    const { id, topics } = hello.data;
    const isNew = !this.#others.has(id);
    if (topics.length === 0) this.#others.delete(id);
    else this.#others.set(id, { topics: new Set(topics), heardAt: performance.now() });
    if (isNew && topics.length > 0 && this.#timer !== undefined) this.#say(this.#topics);
  }

  /** While the server is away nobody hears it, and nobody has to. */
  #say(topics: readonly string[]): void {
    const hello: z.infer<typeof helloSchema> = { id: this.#id, topics };
    void this.#publisher.publish([
      { exchange: this.#exchange, routingKey: '', body: '', options: { headers: hello } },
    ]);
  }
}
