import type { MakeWork } from './database.ts';
import type { Repository } from './repository.ts';

/** What one request changes: stored in one insert at its end, or not at all. */
export interface UnitOfWork {
  readonly repository: Repository;
}

export const unitOfWork: MakeWork = (repository) => ({ repository });
