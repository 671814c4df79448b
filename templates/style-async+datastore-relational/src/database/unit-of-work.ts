import type { Transaction } from 'kysely';
import type { CloudEvent } from '../events/event.ts';
import { appendToOutbox } from '../outbox/outbox.ts';
import { Repository } from './repository.ts';
import type { Tables } from './tables.ts';

/** What one request or event changes: all of it commits, its events included, or none. */
export interface UnitOfWork {
  readonly repository: Repository;
  /** Writes the event to the outbox: it is published if and only if the work commits. */
  publish(event: CloudEvent): Promise<void>;
}

export function unitOfWork(transaction: Transaction<Tables>): UnitOfWork {
  return {
    repository: new Repository(transaction),
    publish: (event) => appendToOutbox(transaction, event),
  };
}
