import { v7 as uuidv7 } from 'uuid';

/** One __aggregate_words__. */
export interface __Aggregate__ {
  /** UUID version 7: ids sort by the time of creation. */
  readonly id: string;
  /** The caller's own name for it, 1 to 200 characters. */
  readonly reference: string;
  readonly status: 'open' | 'closed';
  /** Grows by one with every change. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Opens a new one. Pure but for the id, which may be given. */
export function open(reference: string, now: Date, id: string = uuidv7()): __Aggregate__ {
  return { id, reference, status: 'open', version: 1, createdAt: now, updatedAt: now };
}
