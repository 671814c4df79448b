import type { InMemory } from 'service-chassis/store';
import type { Publish } from 'service-chassis/events';
import type { AuditEntryRepository } from './repository.ts';

/** What one request or event changes. There is no datastore here that could undo a part of it. */
export interface UnitOfWork {
  readonly repository: AuditEntryRepository;
  /** Publishes when the work is done; not at all when it fails. */
  readonly publish: Publish;
}

/** The service's own memory; its repository is outside any unit of work, for reading. */
export type Database = InMemory<UnitOfWork> & Pick<UnitOfWork, 'repository'>;
