import type { CloudEvent } from 'service-chassis/events';
import type { Repository } from './repository.ts';

/** What one request or event changes. There is no datastore here that could undo a part of it. */
export interface UnitOfWork {
  readonly repository: Repository;
  /**
   * Publishes when the work is done; not at all when it fails.
   *
   * @throws EventTooLargeError when the bus could not carry the event.
   */
  publish(event: CloudEvent): Promise<void>;
}
