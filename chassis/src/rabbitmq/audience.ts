import type { Link } from './link.ts';
import { exists, heardMark } from './topology.ts';

/**
 * Knows of which topics a queue has ever taken an event of this service. When no queue takes one, it
 * is gone if nobody has ever wanted its topic; else its queue is missing, and the event has to wait
 * until that is declared again. The server is told as well, for the next instance: each of these
 * topics has an exchange to which nothing is bound.
 */
export class Audience {
  readonly #link: Link;
  readonly #topics = new Set<string>();

  constructor(link: Link) {
    this.#link = link;
  }

  /** A queue has taken an event of the topic. If that cannot be written down, it is with the next one. */
  async note(topic: string): Promise<void> {
    if (this.#topics.has(topic)) return;
    await this.#write(topic).then(
      () => this.#topics.add(topic),
      () => undefined,
    );
  }

  has(topic: string): boolean {
    return this.#topics.has(topic);
  }

  /** Learns what the server knows of these topics, and tells it what it may have forgotten. */
  async compare(topics: readonly string[]): Promise<void> {
    for (const topic of topics)
      if (this.#topics.has(topic)) await this.#write(topic);
      else if (await this.#isWritten(topic)) this.#topics.add(topic);
  }

  #isWritten(topic: string): Promise<boolean> {
    return exists(this.#link, (channel) =>
      channel.checkExchange(heardMark(this.#link.service, topic)),
    );
  }

  async #write(topic: string): Promise<void> {
    await this.#link.withChannel((channel) =>
      channel.assertExchange(heardMark(this.#link.service, topic), 'fanout', { durable: true }),
    );
  }
}
