import type { FastifyBaseLogger } from 'fastify';
import {
  type EventMessage,
  type Events,
  type Outcome,
  RefusedMessageError,
} from '../events/index.ts';
import { type HeldBack, Holds, orderOf } from './held-back.ts';
import type { RelayTurn, WaitingEvent } from './outbox-store.ts';

/** How often an event is sent that the bus refuses; a limit of the bus may just be changing. */
const refusalsAllowed = 3;

/** What became of an event that was sent. */
interface Sent {
  readonly event: WaitingEvent;
  readonly message: EventMessage;
  readonly error: Outcome;
}

/**
 * Publishes events of the outbox and decides what becomes of those that fail. A failure holds back the
 * aggregate whose event it was, or the topic if the bus took none of its events; all others go on.
 * An event that the bus refuses for what it is steps aside, so that the next of its aggregate can go.
 */
export class Relaying {
  readonly #events: Pick<Events, 'messageOf' | 'publish'>;
  readonly #log: FastifyBaseLogger;
  readonly #topics = new Holds();
  readonly #aggregates = new Holds();

  /** @param events the way out: `app.events`. */
  constructor(events: Pick<Events, 'messageOf' | 'publish'>, log: FastifyBaseLogger) {
    this.#events = events;
    this.#log = log;
  }

  /** How many topics and aggregates have failed and not succeeded since. */
  get held(): number {
    return this.#topics.size + this.#aggregates.size;
  }

  /** How long it takes, in milliseconds, until one that is held back may be tried again. */
  dueIn(): number {
    return Math.min(this.#topics.dueIn(), this.#aggregates.dueIn());
  }

  /**
   * Publishes the events that have waited longest and removes them. A crash in between publishes again:
   * consumers tell by the event's id.
   *
   * @returns how many events left the outbox.
   * @throws when the bus took nothing at all.
   */
  async relay(turn: RelayTurn): Promise<number> {
    const heldBack = this.#heldBack();
    const waiting = await turn.waiting(heldBack);
    const events = waiting
      // The database cannot tell of an event that the version before this one wrote.
      .filter(({ text }) => !heldBack.holds(text))
      .map((event) => ({ event, message: this.#messageOf(event.text) }));
    if (events.length === 0) return 0;
    const outcomes = await this.#events.publish(events.map(({ message }) => message));
    const sent = events.map((each, index): Sent => ({ ...each, error: outcomes[index] }));
    const confirmed = sent.filter(({ error }) => error === undefined);
    await turn.remove(confirmed.map(({ event }) => event));
    for (const { message } of confirmed) {
      this.#topics.end(message.topic);
      this.#aggregates.end(orderOf(message));
    }
    return confirmed.length + (await this.#dealWithFailures(turn, sent));
  }

  /**
   * @returns how many events were set aside.
   * @throws the failure when it is nobody's in particular: the bus took nothing at all.
   */
  async #dealWithFailures(turn: RelayTurn, sent: readonly Sent[]): Promise<number> {
    const failed = firstOfEach(sent.filter(({ error }) => error !== undefined));
    const isNew = failed.find(({ message }) => !this.#topics.has(message.topic));
    if (isNew !== undefined && !isUsable(sent)) throw isNew.error;
    let setAside = 0;
    for (const [topic, ofTopic] of Map.groupBy(failed, ({ message }) => message.topic)) {
      const isOpen = isUsable(sent.filter(({ message }) => message.topic === topic));
      if (!isOpen) this.#holdTopic(topic, ofTopic);
      else for (const one of ofTopic) setAside += await this.#holdAggregate(turn, one);
    }
    return setAside;
  }

  #heldBack(): HeldBack {
    const [topics, aggregates] = [this.#topics.current(), this.#aggregates.current()];
    const isNone = topics.length === 0 && aggregates.length === 0;
    return {
      topics,
      aggregates,
      holds: (text) => {
        if (isNone) return false;
        const message = this.#messageOf(text);
        return topics.includes(message.topic) || aggregates.includes(orderOf(message));
      },
    };
  }

  #messageOf(text: string): EventMessage {
    return this.#events.messageOf(JSON.parse(text), text);
  }

  #holdTopic(topic: string, [first]: readonly Sent[]): void {
    if (first === undefined) return;
    const { failures, pauseMs } = this.#topics.extend(topic);
    const details = { err: first.error, topic, failures, pauseMs };
    this.#log.warn(details, 'the bus takes no events of this topic; they wait');
  }

  /** @returns how many events were set aside. */
  async #holdAggregate(turn: RelayTurn, { event, message, error }: Sent): Promise<number> {
    const order = orderOf(message);
    const { failures, pauseMs } = this.#aggregates.extend(order);
    const { id } = JSON.parse(event.text);
    const details = { err: error, type: message.type, id, subject: message.key, failures };
    if (!(error instanceof RefusedMessageError) || failures < refusalsAllowed) {
      const text = 'an event could not be published; those of its aggregate wait';
      this.#log.warn({ ...details, pauseMs }, text);
      return 0;
    }
    await turn.setAside(event, error.message);
    this.#aggregates.end(order);
    this.#log.error(details, 'the bus refuses an event; it was set aside, see the script outbox');
    return 1;
  }
}

/** Whether the bus has taken any of the events, or has said of one that it is to blame itself. */
function isUsable(sent: readonly Sent[]): boolean {
  return sent.some(({ error }) => error === undefined || error instanceof RefusedMessageError);
}

/** The first of each aggregate: the others fail only because it did. */
function firstOfEach(failed: readonly Sent[]): Sent[] {
  const orders = Map.groupBy(failed, ({ message }) => orderOf(message));
  return [...orders.values()].flatMap(([first]) => first ?? []);
}
