import type { Database } from './database.ts';
import type { UnitOfWorkGate } from './giving-up.ts';
import { OneChange } from './one-change.ts';
import { Repository } from './repository.ts';
import { write } from './write.ts';

/** What a unit of work is about to write. */
export class Transaction {
  readonly repository: Repository;
  /** Closed when the work is over. */
  readonly gate: UnitOfWorkGate;
  readonly #aggregates: Database['aggregates'];
  readonly #change = new OneChange();

  constructor({ aggregates }: Pick<Database, 'aggregates'>) {
    this.#aggregates = aggregates;
    this.gate = this.#change.gate;
    this.repository = new Repository(aggregates, this.#change);
  }

  /** @throws VersionConflictError when another write came in between. */
  async commit(): Promise<void> {
    if (this.#change.held !== undefined) await write(this.#aggregates, this.#change.held);
  }
}
