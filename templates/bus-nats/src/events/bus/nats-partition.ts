import { setTimeout as delay } from 'node:timers/promises';
import { type Msg, nanos } from '@nats-io/transport-node';
import type { FastifyBaseLogger } from 'fastify';
import type { Message } from './bus.ts';
import type { Lanes } from './lanes.ts';
import { messageFrom } from './nats-message.ts';
import { Requests } from './nats-requests.ts';
import type { Session } from './nats-session.ts';
import { consumerOf, createConsumer, partitionSubject, streamOf } from './nats-streams.ts';

/** What every partition is consumed with. */
export interface Consuming {
  readonly session: Session;
  readonly lanes: Lanes;
  readonly log: FastifyBaseLogger;
  readonly handle: (message: Message) => Promise<void>;
}

/** How long until a message that was rejected comes again, and a refused request is made again. */
const pauseMs = 1000;

/** What a message is answered with, in JetStream's words. */
const handled = '+ACK';
const givenBack = '-NAK';
const rejected = `-NAK ${JSON.stringify({ delay: nanos(pauseMs) })}`;
const inTheWorks = '+WPI';

/**
 * One partition of a topic. The service has one durable consumer for it, of which the server hands
 * out a message only when the one before was handled: so the order holds over all instances, and
 * none has to own a partition.
 */
export class NatsPartition {
  readonly topic: string;
  readonly #partition: number;
  readonly #consuming: Consuming;
  readonly #requests: Requests;
  /** The message that is with this instance, and whether it is its turn. */
  #held: Msg | undefined;
  #running = false;
  #stopping = false;
  #problem: Error | undefined;

  constructor(topic: string, partition: number, consuming: Consuming) {
    this.topic = topic;
    this.#partition = partition;
    this.#consuming = consuming;
    this.#requests = new Requests(consuming.session, streamOf(topic), consumerOf(partition), {
      message: (message) => this.#take(message),
      refusal: (error) => void this.#mend(error),
    });
  }

  /** Rejects when the consumer cannot be made; afterwards it keeps itself going. */
  async start(): Promise<void> {
    await createConsumer(this.#consuming.session, this.topic, this.#partition);
    if (!this.#stopping) this.#requests.open();
  }

  /** Throws while no messages can be had. */
  check(): void {
    if (this.#problem !== undefined) throw this.#problem;
  }

  /** How many messages the service has not handled. */
  async lag(): Promise<number> {
    const { jsm } = this.#consuming.session;
    const info = await jsm.consumers.info(streamOf(this.topic), consumerOf(this.#partition));
    return info.num_pending + info.num_ack_pending;
  }

  /** To be called well within the time that an instance may be silent. */
  beat(): void {
    this.#held?.respond(inTheWorks);
    this.#requests.beat();
  }

  /** The connection was made again; what was sent over the old one may be lost. */
  reconnected(): void {
    this.#requests.askAgain();
  }

  /** Takes no more, and gives back at once what came but is not yet being handled. */
  async leave(): Promise<void> {
    this.#stopping = true;
    const closed = this.#requests.close();
    if (!this.#running) {
      this.#held?.respond(givenBack);
      this.#held = undefined;
    }
    await closed;
  }

  #take(message: Msg): void {
    if (this.#stopping) {
      message.respond(givenBack);
    } else if (this.#held === undefined) {
      this.#held = message;
      const lane = partitionSubject(this.topic, this.#partition);
      void this.#consuming.lanes.add(lane, () => this.#work(message));
    } else {
      // The server took this instance for silent. It is not: the one that is held comes first.
      message.respond(rejected);
    }
  }

  async #work(message: Msg): Promise<void> {
    if (this.#held !== message) return;
    const { handle, log } = this.#consuming;
    this.#running = true;
    try {
      await handle(messageFrom(this.topic, message));
      if (this.#stopping) message.respond(handled);
      else this.#requests.askNext(message);
    } catch (error) {
      if (!this.#stopping)
        log.warn({ err: error, topic: this.topic }, 'an event was not handled; it comes again');
      message.respond(this.#stopping ? givenBack : rejected);
      if (!this.#stopping) this.#requests.ask();
    } finally {
      this.#running = false;
      this.#held = undefined;
    }
  }

  /** Sees to it that there is a consumer, until there is, and asks it again. */
  async #mend(refusal: Error): Promise<void> {
    this.#consuming.log.warn({ err: refusal }, 'a partition cannot be read; trying again');
    this.#problem = refusal;
    while (this.#problem !== undefined && !this.#stopping) {
      await delay(pauseMs, undefined, { ref: false });
      this.#problem = await createConsumer(
        this.#consuming.session,
        this.topic,
        this.#partition,
      ).then(
        () => undefined,
        (error) => error,
      );
    }
    if (!this.#stopping) this.#requests.ask();
  }
}
