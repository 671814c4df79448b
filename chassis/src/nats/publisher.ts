import { type ApiError, JetStreamApiError, type PubAck } from '@nats-io/jetstream';
import {
  createInbox,
  type Msg,
  type MsgHdrs,
  NoRespondersError,
  TimeoutError,
} from '@nats-io/transport-node';

/**
 * How long the server may take to store a message (what is sent again meanwhile is there twice), and
 * how often that is looked at.
 */
const confirmedWithinMs = 30_000;
const lookMs = 1000;

type Answer = Pick<Msg, 'subject' | 'headers' | 'string'>;

/** What it takes of a connection. */
interface Connection {
  publish(
    subject: string,
    body: string | Uint8Array,
    options: { headers: MsgHdrs; reply: string },
  ): void;
  subscribe(
    subject: string,
    options: { callback(error: Error | null, answer: Answer): void },
  ): unknown;
}

/** A message of which the server has not said yet that it is stored. */
interface Unconfirmed {
  readonly subject: string;
  readonly sentAt: number;
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Publishes, and has the server confirm each message, as JetStream's own `publish` does. That one makes
 * a timer and a stack trace for each, which costs more than all else of it; here one timer is for all.
 */
export class Publisher {
  readonly #connection: Connection;
  readonly #inbox = createInbox();
  readonly #unconfirmed = new Map<string, Unconfirmed>();
  #isListening = false;
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Resolves when the message is stored, and rejects when it may not be. */
  publish(subject: string, body: string | Uint8Array, headers: MsgHdrs): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#listen();
      this.#count += 1;
      const reply = `${this.#inbox}.${this.#count}`;
      this.#connection.publish(subject, body, { headers, reply });
      this.#unconfirmed.set(reply, { subject, sentAt: performance.now(), resolve, reject });
      this.#timer ??= setTimeout(() => this.#giveUpOld(), lookMs);
    });
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, answer) => {
        if (error === null) this.#settle(answer);
        else this.#failAll(error);
      },
    });
  }

  #settle(answer: Answer): void {
    const one = this.#unconfirmed.get(answer.subject);
    if (one === undefined) return;
    this.#unconfirmed.delete(answer.subject);
    const failure = failureIn(answer, one.subject);
    if (failure === undefined) one.resolve();
    else one.reject(failure);
  }

  /** The subscription has ended: nothing will be heard of what was sent. */
  #failAll(error: Error): void {
    this.#isListening = false;
    for (const { reject } of this.#unconfirmed.values()) reject(error);
    this.#unconfirmed.clear();
  }

  #giveUpOld(): void {
    const sentBefore = performance.now() - confirmedWithinMs;
    for (const [reply, { sentAt, reject }] of this.#unconfirmed) {
      // They are in the order in which they were sent.
      if (sentAt > sentBefore) break;
      this.#unconfirmed.delete(reply);
      reject(new TimeoutError());
    }
    const isDone = this.#unconfirmed.size === 0;
    this.#timer = isDone ? undefined : setTimeout(() => this.#giveUpOld(), lookMs);
  }
}

/** Why a message was not stored, by the answer to it. */
function failureIn(answer: Answer, subject: string): Error | undefined {
  if (answer.headers?.code === 503) return new NoRespondersError(subject);
  const { stream, error }: Partial<PubAck> & { error?: ApiError } = JSON.parse(answer.string());
  if (error !== undefined) return new JetStreamApiError(error);
  return stream ? undefined : new Error(`the answer to a message for ${subject} names no stream`);
}
