import type { UnitOfWork } from '../database/unit-of-work.ts';
import type { CloudEvent, EventDefinition } from './event.ts';

/** Handles one type of event; the default export of a file in `handlers/`. */
export interface Handler<Data> {
  readonly event: EventDefinition<Data>;
  /** Changes only through `work`, so that its effect and the note that it happened go together. */
  handle(data: Data, work: UnitOfWork, event: CloudEvent): Promise<void>;
}

/** A handler whose data type is known only to itself. */
export interface AnyHandler {
  readonly type: string;
  /** @throws ZodError when the event's data does not fit its schema. */
  handle(event: CloudEvent, work: UnitOfWork): Promise<void>;
}

/** Declares a handler: checks the data against the event's schema before each call. */
export function defineHandler<Data>({ event, handle }: Handler<Data>): AnyHandler {
  return {
    type: event.type,
    handle: (received, work) => handle(event.data.parse(received.data), work, received),
  };
}
