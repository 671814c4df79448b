import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { bodyBytes, bodyFrom } from './bus/body.ts';
import type { DeadLetterStore, Message } from './bus/bus.ts';
import { bytesOf, expectConfirmed } from './bus/outcomes.ts';
import { messageOf } from './message.ts';
import { type OwnTopics, ownTopicsOf } from './own-topics.ts';
import { replayOf } from './replay.ts';

/**
 * How many bytes a letter has more than the message in it, at most. What may be published is smaller by
 * as much than what the bus takes, so that each event's letter fits.
 */
export const letterBytes = 16_384;

/** What is kept of a reason and a stack where room is short: a character takes up to six bytes. */
const shortReason = 500;
const shortStack = 1500;

const lineEnd = Buffer.from('\n');

/** A message that could not be handled, as it came, and why. */
const letterSchema = z.object({
  id: z.string(),
  time: z.string(),
  data: z.object({
    reason: z.string(),
    stack: z.string().optional(),
    attempts: z.number(),
    original: z.object({
      topic: z.string(),
      key: z.string(),
      body: z.string(),
      /** The bytes of a body that is not UTF-8. */
      base64: z.string().optional(),
      headers: z.record(z.string(), z.string()),
      /** How many bytes the body had, where not even the body alone fits into a letter. */
      cutFrom: z.number().optional(),
    }),
  }),
});

export type DeadLetter = z.infer<typeof letterSchema>;

/** Wraps a message that is given up: a CloudEvent itself, under a key of its own, that the bus can carry. */
export function deadLetterOf(
  service: string,
  message: Message,
  error: unknown,
  attempts: number,
  maxMessageBytes: number,
): Message {
  const { topic, key, body, base64, headers } = message;
  const original = { topic, key, body, base64, headers };
  const { message: reason, stack } = error instanceof Error ? error : new Error(String(error));
  const whole = letterOf(service, { reason, stack, attempts, original });
  if (bytesOf(whole) <= maxMessageBytes) return whole;
  const short = { reason: reason.slice(0, shortReason), attempts };
  const bytes = bodyBytes(message);
  const withoutBody = { topic, key, body: '', headers };
  const withStack = letterOf(service, {
    ...short,
    stack: stack?.slice(0, shortStack),
    original: withoutBody,
  });
  const large = withBody(withStack, bytes);
  if (bytesOf(large) <= maxMessageBytes) return large;
  // A message of another service may be as large as the bus takes.
  const cutFrom = bytes.length;
  const bare = letterOf(service, { ...short, original: { ...withoutBody, cutFrom } });
  const room = Math.max(0, maxMessageBytes - bytesOf(bare) - 1);
  return withBody(bare, bytes.subarray(0, room));
}

function letterOf(
  service: string,
  data: Omit<DeadLetter['data'], 'stack'> & { stack?: string | undefined },
): Message {
  const id = uuidv7();
  return messageOf({
    specversion: '1.0',
    id,
    source: `/${service}`,
    type: ownTopicsOf(service).deadLetters,
    subject: id,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data,
  });
}

/** Adds the body of a large message after a line end, where it takes no more room than it has. */
function withBody(letter: Message, body: Buffer): Message {
  return { ...letter, ...bodyFrom(Buffer.concat([bodyBytes(letter), lineEnd, body])) };
}

function read(message: Message): DeadLetter {
  const bytes = bodyBytes(message);
  const end = bytes.indexOf(lineEnd);
  if (end === -1) return letterSchema.parse(JSON.parse(message.body));
  const letter = letterSchema.parse(JSON.parse(bytes.subarray(0, end).toString()));
  Object.assign(letter.data.original, bodyFrom(bytes.subarray(end + 1)));
  return letter;
}

/** The dead letters of a service, in the bus or in what stands in for it. */
export class DeadLetters {
  readonly #store: DeadLetterStore;
  readonly #service: string;
  readonly #topics: OwnTopics;

  /** @param service its name. */
  constructor(service: string, store: DeadLetterStore) {
    this.#store = store;
    this.#service = service;
    this.#topics = ownTopicsOf(service);
  }

  /** Reads all of them, oldest first. */
  async *read(): AsyncGenerator<DeadLetter> {
    const messages = this.#store.readDeadLetters(this.#topics.deadLetters);
    for await (const message of messages) yield read(message);
  }

  /**
   * Has the service handle the message again, and forgets the letter. When the service has handled later
   * events of the aggregate, it refuses, which makes it a dead letter again.
   *
   * @param isStaleAllowed whether it is to be handled then, too.
   * @throws Error when the letter has only a part of the message.
   */
  async replay(letter: DeadLetter, isStaleAllowed = false): Promise<void> {
    const { cutFrom, ...original } = letter.data.original;
    if (cutFrom !== undefined)
      throw new Error(`The letter ${letter.id} has only a part of a message of ${cutFrom} bytes.`);
    expectConfirmed(await this.#store.publish([replayOf(this.#service, original, isStaleAllowed)]));
    await this.drop(letter);
  }

  /** Forgets a letter and with it the message. */
  drop({ id }: DeadLetter): Promise<void> {
    return this.#store.removeDeadLetter(this.#topics.deadLetters, id);
  }
}
