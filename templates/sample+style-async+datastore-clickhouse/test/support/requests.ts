import { type Message, messageOf } from 'service-chassis/events';
import { newEvent } from '../../src/events/event.ts';
import requestedEvent from '../../src/events/schemas/__aggregate_kebab__-requested.v1.ts';

/** Requests with the same ids in each process: what a bus delivers again after a crash. */
export function requests(count: number): Message[] {
  return Array.from({ length: count }, (_, index) => {
    const event = newEvent(requestedEvent, `subject ${index}`, { reference: `request ${index}` });
    return messageOf({ ...event, id: `request-${index}`, time: '2026-01-01T00:00:00.000Z' });
  });
}
