import { randomUUID } from 'node:crypto';
import type { ChannelModel } from 'amqplib';
import { type Hello, Turns } from '../events/index.ts';
import { quiet } from './link.ts';
import type { Publisher } from './publisher.ts';

const noBody = Buffer.alloc(0);

/**
 * The instances of this service, which say hello to each other in headers of messages that nothing keeps. The
 * server sees to it that a partition is consumed by one instance at a time, whatever they believe.
 */
export class Members {
  readonly #exchange: string;
  readonly #publisher: Publisher;
  readonly #turns: Turns;

  /** @param publisher what says hello; a connection that publishes may be held up by the server. */
  constructor(service: string, topics: readonly string[], publisher: Publisher) {
    this.#exchange = `${service}.instances`;
    this.#publisher = publisher;
    const say = (hello: Hello): void => this.#say(hello);
    this.#turns = new Turns({ topics, say, helloEvery: 2000, goneAfter: 5000 });
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
    await channel.consume(queue, (said) => this.#turns.hear(said?.properties.headers), {
      noAck: true,
    });
  }

  /** Is heard by the others from now on. */
  join(): void {
    this.#turns.join();
  }

  leave(): void {
    this.#turns.leave();
  }

  /** Whether a partition falls to this instance when those that consume its topic take turns. */
  isMine(topic: string, partition: number): boolean {
    return this.#turns.isMine(topic, partition);
  }

  #say(hello: Hello): void {
    void this.#publisher.publish([
      { exchange: this.#exchange, routingKey: '', body: noBody, options: { headers: hello } },
    ]);
  }
}
