import { v7 as uuidv7 } from 'uuid';

/** __An_aggregate__ as the service keeps it. */
export interface __Aggregate__ {
  /** A UUID of version 7: ids sort by the time of creation. */
  readonly id: string;
  /** The caller's own name for the __aggregate_words__, 1 to 200 characters. */
  readonly reference: string;
  readonly status: 'open' | 'closed';
  /** Starts at 1 and grows by one with each change. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Returns a new, open __aggregate_words__. Without an `id` it gets a new one. */
export function open__Aggregate__(reference: string, now: Date, id = uuidv7()): __Aggregate__ {
  return { id, reference, status: 'open', version: 1, createdAt: now, updatedAt: now };
}

/** What a caller can change. */
export type __Aggregate__Changes = Pick<__Aggregate__, 'reference' | 'status'>;

/** Returns the __aggregate_words__ with the changes and the next version; its argument stays as it is. */
export function change__Aggregate__(
  __aggregate__: __Aggregate__,
  { reference, status }: __Aggregate__Changes,
  now: Date,
): __Aggregate__ {
  return {
    ...__aggregate__,
    reference,
    status,
    version: __aggregate__.version + 1,
    updatedAt: now,
  };
}
