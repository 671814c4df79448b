import { type CloudEvent, expectConfirmed, type Message, outgoing } from 'service-chassis/events';
import type { MakeWork } from './database.ts';
import { idsOf } from './ids.ts';
import type { Repository } from './repository.ts';

/** What one request or event changes: stored in one insert at its end, or not at all. */
export interface UnitOfWork {
  readonly repository: Repository;
  /**
   * An id for what the work creates. Those of an event's work are the same whenever the event comes
   * again, so that what it created the first time is not created twice.
   */
  newId(): string;
  /**
   * Publishes once the changes are stored; not at all when the work fails. ClickHouse has no outbox:
   * what follows from an event is published at least once, under the same id each time, because that
   * event is acknowledged last; what follows from a request is lost when the process dies between.
   */
  publish(event: CloudEvent): Promise<void>;
}

export const unitOfWork: MakeWork = (repository, changes, app) => {
  const newId = idsOf(changes.cause, 'aggregate');
  const newEventId = idsOf(changes.cause, 'event');
  const events: Message[] = [];
  changes.afterwards.push(async () => {
    if (events.length > 0) expectConfirmed(await app.events.publish(events));
  });
  return {
    repository,
    newId,
    async publish(event) {
      changes.gate.requireOpen();
      events.push(outgoing({ ...event, id: newEventId() }, app.events.maxEventBytes));
    },
  };
};
