import { randomUUID } from 'node:crypto';
import type { ConfirmChannel, Options } from 'amqplib';
import { NamedError } from '../copies/index.ts';
import { type Outcome, RefusedMessageError } from '../events/index.ts';
import { withTimeout } from '../resilience/index.ts';
import type { Link } from './link.ts';

/** A server that is slow to confirm has its time: what is sent again meanwhile is there twice. */
const confirmMs = 30_000;

/** What version 4 takes, unless it was told otherwise; it tells only those who send more. */
const defaultMaxMessageBytes = 16_777_216;

/** No queue takes a message that is mandatory. */
export class UnroutedError extends NamedError {
  override readonly name = 'UnroutedError';

  constructor(exchange: string, routingKey: string) {
    super(`there is no queue for ${exchange}${exchange && ' '}${routingKey}`);
  }
}

/** What is published, and to which exchange. */
export interface Outgoing {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly options: Options.Publish;
}

/**
 * Publishes to each exchange on a channel of its own, so that messages go out at once and yet stay in
 * their order, and so that an exchange that is missing, over which the server closes the channel, takes
 * no other's messages with it.
 */
export class Publisher {
  maxMessageBytes = defaultMaxMessageBytes;
  readonly #link: Link;
  /** Ids of mandatory messages that no queue takes; the server says so before it confirms them. */
  readonly #returned = new Set<string>();
  readonly #channels = new Map<string, Promise<ConfirmChannel>>();
  /** Why the server closed the last channel to an exchange. */
  readonly #problems = new Map<string, Error>();

  constructor(link: Link) {
    this.#link = link;
  }

  /**
   * Resolves to one outcome a message when the server has confirmed each: for a quorum queue, when most
   * of its members have it on disk. A message fails when that does not come within half a minute, and
   * when one that is `mandatory` finds no queue.
   */
  async publish(messages: readonly Outgoing[]): Promise<readonly Outcome[]> {
    const exchanges = Map.groupBy(messages, ({ exchange }) => exchange);
    const outcomes = new Map<Outgoing, Outcome>();
    await Promise.all(
      [...exchanges].map(async ([exchange, ofExchange]) => {
        const channel = await this.#channelTo(exchange).catch(asError);
        const sent = ofExchange.map(async (message) => {
          const error = channel instanceof Error ? channel : await this.#send(channel, message);
          outcomes.set(message, error);
        });
        await Promise.all(sent);
      }),
    );
    return messages.map((message) => outcomes.get(message));
  }

  #send(channel: ConfirmChannel, message: Outgoing): Promise<Outcome> {
    const { exchange, routingKey, body, options } = message;
    const messageId = randomUUID();
    const confirmed = withTimeout(
      confirmMs,
      () =>
        new Promise<Outcome>((resolve) => {
          channel.publish(exchange, routingKey, body, { ...options, messageId }, (error) => {
            if (error) resolve(this.#reasonOf(exchange, body.length) ?? asError(error));
            else if (this.#returned.delete(messageId))
              resolve(new UnroutedError(exchange, routingKey));
            else resolve(undefined);
          });
        }),
    );
    return confirmed.catch(asError);
  }

  /** Why the server closed the channel while it had a message of so many bytes. */
  #reasonOf(exchange: string, bytes: number): Outcome {
    const problem = this.#problems.get(exchange);
    const [, given, taken] =
      /message size (\d+) .* max size (\d+)/.exec(problem?.message ?? '') ?? [];
    if (problem === undefined || taken === undefined) return problem;
    this.maxMessageBytes = Number(taken);
    return bytes < Number(given) ? problem : new RefusedMessageError(problem.message);
  }

  #channelTo(exchange: string): Promise<ConfirmChannel> {
    const channel = this.#channels.get(exchange) ?? this.#open(exchange);
    this.#channels.set(exchange, channel);
    return channel;
  }

  async #open(exchange: string): Promise<ConfirmChannel> {
    try {
      const connection = await this.#link.connection();
      const channel = await connection.createConfirmChannel();
      this.#problems.delete(exchange);
      channel.on('error', (error) => this.#problems.set(exchange, error));
      channel.on('return', ({ properties }) => this.#returned.add(properties.messageId));
      channel.once('close', () => this.#channels.delete(exchange));
      return channel;
    } catch (error) {
      this.#channels.delete(exchange);
      throw error;
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
