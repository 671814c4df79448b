import { UnitOfWorkGate } from '../store/index.ts';
import type { Change } from './document.ts';
import type { ChangeSink } from './documents.ts';

/** A unit of work tried to change a second aggregate. */
export class SecondAggregateError extends Error {
  override readonly name = 'SecondAggregateError';

  constructor(first: string, second: string) {
    super(
      `This unit of work has changed ${first} and cannot change ${second} as well: MongoDB writes one ` +
        'document atomically, and two only in a transaction, which needs a replica set. Publish an ' +
        'event and change the second in its handler, or make the two one aggregate.',
    );
  }
}

/** Holds what a unit of work changes, until it is written in one go: one aggregate, however often. */
export class OneChange<Aggregate> implements ChangeSink<Aggregate> {
  readonly gate = new UnitOfWorkGate();
  held: Change<Aggregate> | undefined;

  pending(id: string): Change<Aggregate> | undefined {
    return this.held?.id === id ? this.held : undefined;
  }

  /** @throws SecondAggregateError, or UnitOfWorkClosedError once the unit of work is over. */
  async add(change: Change<Aggregate>): Promise<void> {
    this.gate.requireOpen();
    if (this.held !== undefined && this.held.id !== change.id) {
      throw new SecondAggregateError(this.held.id, change.id);
    }
    this.held = change;
  }
}
