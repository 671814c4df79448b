import { NamedError } from '../copies/index.ts';
import { bytesOf } from './bus/outcomes.ts';
import type { CloudEvent } from './event.ts';
import type { EventMessage } from './message.ts';
import type { Events } from './register-events.ts';

/**
 * Publishes an event as part of a unit of work: if and only if that is done.
 *
 * @throws EventTooLargeError when the bus could not carry it.
 */
export type Publish = (event: CloudEvent) => Promise<void>;

/** An event is larger than the bus can carry, so what would have published it is undone. */
export class EventTooLargeError extends NamedError {
  override readonly name = 'EventTooLargeError';
  readonly statusCode = 413;

  constructor({ type, subject }: CloudEvent, bytes: number, limit: number) {
    super(`The event ${type} of ${subject} has ${bytes} bytes; at most ${limit} can be published.`);
  }
}

/**
 * Puts an event that is to be published into its message.
 *
 * @throws EventTooLargeError when that has more bytes than an event may have.
 */
export function outgoing(
  event: CloudEvent,
  { maxEventBytes, messageOf }: Pick<Events, 'maxEventBytes' | 'messageOf'>,
): EventMessage {
  const message = messageOf(event);
  const bytes = bytesOf(message);
  if (bytes > maxEventBytes) throw new EventTooLargeError(event, bytes, maxEventBytes);
  return message;
}
