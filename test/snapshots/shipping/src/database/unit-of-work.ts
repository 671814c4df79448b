import type { CloudEvent } from '../events/event.ts';
import { outgoing } from '../events/outgoing.ts';
import { appendToOutbox } from '../outbox/outbox.ts';
import type { MakeWork } from './database.ts';
import { Repository } from './repository.ts';

/** What one request or event changes: all of it commits, its events included, or none. */
export interface UnitOfWork {
  readonly repository: Repository;
  /**
   * Writes the event to the outbox: it is published if and only if the work commits.
   *
   * @throws EventTooLargeError when the bus could not carry it.
   */
  publish(event: CloudEvent): Promise<void>;
}

export const unitOfWork: MakeWork = (transaction, { maxEventBytes }) => ({
  repository: new Repository(transaction),
  publish: async (event) => appendToOutbox(transaction, outgoing(event, maxEventBytes())),
});
