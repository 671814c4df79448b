import type { UnitOfWork } from '../database/unit-of-work.ts';
import { open } from '../domain/order.ts';

/** What a caller says of a new one. */
export interface Draft {
  readonly reference: string;
}

/** Opens a new one and keeps it, inside the caller's unit of work. */
export async function create(work: UnitOfWork, { reference }: Draft) {
  const created = open(reference, new Date());
  await work.repository.insert(created);
  return created;
}
