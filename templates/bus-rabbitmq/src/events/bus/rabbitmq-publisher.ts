import { randomUUID } from 'node:crypto';
import type { ConfirmChannel, Options } from 'amqplib';
import { withTimeout } from '../../resilience/timeout.ts';
import type { Link } from './rabbitmq-link.ts';

const confirmMs = 10_000;

/** What is published, and to which exchange. */
export interface Outgoing {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: string;
  readonly options: Options.Publish;
}

/** Publishes on one channel, so that messages go out at once and yet stay in their order. */
export class Publisher {
  readonly #link: Link;
  /** Ids of mandatory messages that no queue takes; the server says so before it confirms them. */
  readonly #returned = new Set<string>();
  #channel: Promise<ConfirmChannel> | undefined;
  /** Why the server closed the last channel. */
  #problem: Error | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  /**
   * Resolves when the server has confirmed every message: for a quorum queue, when most of its
   * members have it on disk. Rejects when it does not within seconds, and when one that is
   * `mandatory` finds no queue.
   */
  async publish(messages: readonly Outgoing[]): Promise<void> {
    this.#channel ??= this.#open();
    const channel = await this.#channel;
    await withTimeout(confirmMs, () =>
      Promise.all(messages.map((message) => this.#send(channel, message))),
    );
  }

  #send(channel: ConfirmChannel, message: Outgoing): Promise<void> {
    const { exchange, routingKey, body, options } = message;
    const messageId = randomUUID();
    return new Promise((resolve, reject) => {
      const confirmed = (error: unknown): void => {
        if (error) reject(this.#problem ?? error);
        else if (this.#returned.delete(messageId))
          reject(new Error(`there is no queue for ${exchange}${routingKey}`));
        else resolve();
      };
      const content = Buffer.from(body);
      channel.publish(exchange, routingKey, content, { ...options, messageId }, confirmed);
    });
  }

  async #open(): Promise<ConfirmChannel> {
    try {
      const connection = await this.#link.connection();
      const channel = await connection.createConfirmChannel();
      this.#problem = undefined;
      channel.on('error', (error) => {
        this.#problem = error;
      });
      channel.on('return', ({ properties }) => this.#returned.add(properties.messageId));
      channel.once('close', () => {
        this.#channel = undefined;
        this.#returned.clear();
      });
      return channel;
    } catch (error) {
      this.#channel = undefined;
      throw error;
    }
  }
}
