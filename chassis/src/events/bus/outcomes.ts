import { NamedError } from '../../copies/index.ts';
import { bodyLength } from './body.ts';
import type { Message, Outcome } from './bus.ts';

/** The bus will never take the message as it is: sending it again is of no use. */
export class RefusedMessageError extends NamedError {
  override readonly name = 'RefusedMessageError';
}

/** Whether a message failed for want of something that may be there the next time. */
export function mayBeMended(outcome: Outcome): boolean {
  return outcome !== undefined && !(outcome instanceof RefusedMessageError);
}

/** What a bus adds to a message and to each of its headers, at most. */
const envelopeBytes = 256;
const headerBytes = 16;

/** How many bytes a message takes up on the bus, at most. */
export function bytesOf(message: Message): number {
  let bytes = envelopeBytes + Buffer.byteLength(message.key) + bodyLength(message);
  for (const [name, value] of Object.entries(message.headers))
    bytes += headerBytes + Buffer.byteLength(name) + Buffer.byteLength(value);
  return bytes;
}

/** Gathers what fails of messages that are published together. */
export class Outcomes {
  readonly #errors = new Map<Message, Error>();
  /** The first failure of each topic and key. */
  readonly #firstOfKey = new Map<string, Error>();

  /** Notes why messages were not confirmed. */
  fail(messages: Iterable<Message>, error: unknown): void {
    const reason = error instanceof Error ? error : new Error(String(error));
    for (const message of messages) {
      this.#errors.set(message, reason);
      const key = orderOf(message);
      if (!this.#firstOfKey.has(key)) this.#firstOfKey.set(key, reason);
    }
  }

  /**
   * The messages that may be sent: those that fit, and that would not overtake one of their key that
   * has failed. The others fail.
   */
  sendable(messages: readonly Message[], maxMessageBytes: number): Message[] {
    return messages.filter((message) => {
      const earlier = this.#firstOfKey.get(orderOf(message));
      if (earlier !== undefined) {
        const reason = `an earlier message of its key failed: ${earlier.message}`;
        this.fail([message], new Error(reason, { cause: earlier }));
        return false;
      }
      const bytes = bytesOf(message);
      if (bytes <= maxMessageBytes) return true;
      const reason = `a message of ${bytes} bytes, and the bus takes ${maxMessageBytes}`;
      this.fail([message], new RefusedMessageError(reason));
      return false;
    });
  }

  /** Whether any message of a topic has failed. */
  hasFailed(topic: string): boolean {
    return [...this.#errors.keys()].some((message) => message.topic === topic);
  }

  /** One outcome a message, in their order. */
  of(messages: readonly Message[]): readonly Outcome[] {
    return messages.map((message) => this.#errors.get(message));
  }
}

function orderOf({ topic, key }: Message): string {
  return JSON.stringify([topic, key]);
}

/** @throws the first failure, for callers who cannot do with a part. */
export function expectConfirmed(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) if (outcome !== undefined) throw outcome;
}
