import { createInbox, type Msg, nanos, type Subscription } from '@nats-io/transport-node';
import type { Session } from './nats-session.ts';

/** How long the server keeps a request open, and when one without any answer is taken for lost. */
const openMs = 10_000;
const lostMs = 12_000;
const request = JSON.stringify({ batch: 1, expires: nanos(openMs) });

/** What becomes of the answers. */
export interface Answers {
  /** A message came. Also while the requests are being ended: it was on its way. */
  message(message: Msg): void;
  /** The server refuses; nothing is asked any more. */
  refusal(error: Error): void;
}

/**
 * Requests for messages to one durable consumer, never more than one at a time. The client's own
 * iterators drop what is on its way when they are stopped, and it would lie for as long as a silent
 * instance is waited for; these hand it over.
 */
export class Requests {
  readonly #session: Session;
  readonly #subject: string;
  readonly #answers: Answers;
  readonly #inbox = createInbox();
  #subscription: Subscription | undefined;
  #count = 0;
  /** When the request that waits for an answer was made, and the message that it told of. */
  #askedAt: number | undefined;
  #handled: Msg | undefined;

  constructor(session: Session, stream: string, consumer: string, answers: Answers) {
    this.#session = session;
    this.#subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
    this.#answers = answers;
  }

  open(): void {
    this.#subscription = this.#session.connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, answer) => (error ? this.#refuse(error) : this.#answered(answer)),
    });
    this.ask();
  }

  ask(): void {
    this.#handled = undefined;
    this.#session.connection.publish(this.#subject, request, { reply: this.#newReply() });
  }

  /** Says that a message was handled and asks for the next one, in one word. */
  askNext(message: Msg): void {
    this.#handled = message;
    message.respond(`+NXT ${request}`, { reply: this.#newReply() });
  }

  /** Asks again if an answer is overdue. */
  beat(): void {
    if (this.#askedAt !== undefined && performance.now() - this.#askedAt > lostMs) this.askAgain();
  }

  /** Repeats the request that waits for an answer, because the server may not know of it. */
  askAgain(): void {
    if (this.#askedAt === undefined) return;
    if (this.#handled === undefined) this.ask();
    else this.askNext(this.#handled);
  }

  /** Takes the request back; resolves when nothing can come any more. */
  async close(): Promise<void> {
    this.#askedAt = undefined;
    // Whatever the server still says, it answers no request that counts.
    this.#count = 0;
    await this.#subscription?.drain().catch(() => undefined);
  }

  /** Where the answer goes: by its number, one to an older request is known as such. */
  #newReply(): string {
    this.#count += 1;
    this.#askedAt = performance.now();
    return `${this.#inbox}.${this.#count}`;
  }

  #answered(answer: Msg): void {
    const { code = 0, description = '' } = answer.headers ?? {};
    if (code === 0) {
      this.#askedAt = undefined;
      this.#answers.message(answer);
    } else if (answer.subject === `${this.#inbox}.${this.#count}`) {
      // 408: the request was open for its time, and nothing came.
      if (code === 408) this.ask();
      else this.#refuse(new Error(`${this.#subject} answers ${code} ${description}`));
    }
  }

  #refuse(error: Error): void {
    this.#askedAt = undefined;
    this.#answers.refusal(error);
  }
}
