import type { Transaction } from 'kysely';
import { type CloudEvent, outgoing } from 'service-chassis/events';
import { appendToOutbox } from '../outbox/outbox.ts';
import type { Database } from './database.ts';
import { Repository } from './repository.ts';
import type { Tables } from './tables.ts';

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

export function unitOfWork(
  transaction: Transaction<Tables>,
  { maxEventBytes }: Database,
): UnitOfWork {
  return {
    repository: new Repository(transaction),
    publish: async (event) => appendToOutbox(transaction, outgoing(event, maxEventBytes())),
  };
}
