import { randomUUID } from 'node:crypto';
import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { bodyBytes, type Message, type Outcomes, RefusedMessageError } from '../events/index.ts';
import { headersOf } from './message.ts';
import type { Publisher } from './publisher.ts';

/** Error codes of JetStream: the message is larger than its stream takes; another was the last. */
const messageTooLarge = 10_054;
const wrongLastMessage = 10_070;

/**
 * Publishes messages of one topic without waiting for one before the next is sent. Each names the one
 * before it, and the server stores it only behind that one: whatever is lost or refused on the way,
 * nothing overtakes it. What was left out for that reason is sent again.
 */
export async function publishInOrder(
  publisher: Publisher,
  messages: readonly Message[],
  subjectOf: (message: Message) => string,
  outcomes: Outcomes,
): Promise<void> {
  for (let left = messages; left.length > 0; ) {
    const errorOf = await publishChain(publisher, left, subjectOf);
    const failed = left.filter((message) => errorOf.has(message));
    const leftOut = failed.filter((message) => isLeftOut(errorOf.get(message)));
    for (const message of failed)
      if (!isLeftOut(errorOf.get(message))) outcomes.fail([message], errorOf.get(message));
    left = outcomes.sendable(leftOut, Number.POSITIVE_INFINITY);
  }
}

/** Returns what of the messages was not stored, and why. */
async function publishChain(
  publisher: Publisher,
  messages: readonly Message[],
  subjectOf: (message: Message) => string,
): Promise<Map<Message, Error>> {
  const errorOf = new Map<Message, Error>();
  const chain = randomUUID();
  await Promise.all(
    messages.map(async (message, place) => {
      const headers = headersOf(message);
      headers.set('Nats-Msg-Id', `${chain}.${place}`);
      if (place > 0) headers.set('Nats-Expected-Last-Msg-Id', `${chain}.${place - 1}`);
      try {
        await publisher.publish(subjectOf(message), bodyBytes(message), headers);
      } catch (error) {
        errorOf.set(message, toRefusal(error));
      }
    }),
  );
  return errorOf;
}

/** Whether a message was not stored because the one that it names was not the last. */
function isLeftOut(error: Error | undefined): boolean {
  return error instanceof JetStreamApiError && error.code === wrongLastMessage;
}

/** The error as it is, unless it says that the message itself is too large. */
function toRefusal(error: unknown): Error {
  const isTooLarge =
    error instanceof errors.InvalidArgumentError ||
    (error instanceof JetStreamApiError && error.code === messageTooLarge);
  if (isTooLarge) return new RefusedMessageError(error.message, { cause: error });
  return error instanceof Error ? error : new Error(String(error));
}
