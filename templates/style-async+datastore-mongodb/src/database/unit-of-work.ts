import type { CloudEvent } from 'service-chassis/events';
import type { Repository } from './repository.ts';
import type { Transaction } from './transaction.ts';

/**
 * What one request or event changes: all of it is written, its events included, or nothing. It can
 * change one aggregate.
 */
export interface UnitOfWork {
  readonly repository: Repository;
  /**
   * Puts the event into the document of the change: it is published if and only if that is written.
   *
   * @throws EventTooLargeError when the bus could not carry it.
   */
  publish(event: CloudEvent): Promise<void>;
}

export function unitOfWork(transaction: Transaction): UnitOfWork {
  return {
    repository: transaction.repository,
    publish: async (event) => transaction.publish(event),
  };
}
