import type { MakeWork } from './database.ts';
import { Repository } from './repository.ts';

/** What one request or event changes: all of it commits, or none. */
export interface UnitOfWork {
  readonly repository: Repository;
}

export const unitOfWork: MakeWork = (transaction) => ({ repository: new Repository(transaction) });
