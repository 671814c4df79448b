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

/** Opens a new one, under a new id unless one is given. */
export function open(reference: string, now: Date, id = uuidv7()) {
  const opened: __Aggregate__ = {
    id,
    reference,
    status: 'open',
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  return opened;
}

/** What may be changed of one. */
export type Change = Pick<__Aggregate__, 'reference' | 'status'>;

/** What one becomes by a change; the given one stays as it was. */
export function revise(one: __Aggregate__, change: Change, now: Date) {
  const { reference, status } = change;
  return { ...one, reference, status, version: one.version + 1, updatedAt: now };
}
