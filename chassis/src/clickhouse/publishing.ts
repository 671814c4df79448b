import type { FastifyInstance } from 'fastify';
import { type CloudEvent, type EventMessage, expectConfirmed, outgoing } from '../events/index.ts';
import type { Changes } from './changes.ts';
import { idsOf } from './ids.ts';

/** What a unit of work can do besides changing aggregates, in a service that has a bus. */
export interface Publishing {
  /**
   * An id for what the work creates. Those of an event's work are the same whenever the event comes
   * again, so that what it created the first time is not created twice.
   */
  newId(): string;
  /**
   * Publishes once the changes are stored; not at all when the work fails. ClickHouse has no outbox:
   * what follows from an event is published at least once, under the same id each time, because that
   * event is acknowledged last; what follows from a request is lost when the process dies between.
   *
   * @throws EventTooLargeError when the bus could not carry it.
   */
  publish(event: CloudEvent): Promise<void>;
}

/** Lets a unit of work publish by `app.events`. */
export function publishing(changes: Changes, app: FastifyInstance): Publishing {
  const newEventId = idsOf(changes.cause, 'event');
  const events: EventMessage[] = [];
  changes.afterwards.push(async () => {
    if (events.length > 0) expectConfirmed(await app.events.publish(events));
  });
  return {
    newId: idsOf(changes.cause, 'aggregate'),
    async publish(event) {
      changes.gate.requireOpen();
      events.push(outgoing({ ...event, id: newEventId() }, app.events));
    },
  };
}
