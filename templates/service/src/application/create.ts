import { open, type __Aggregate__ } from '../domain/__aggregate_kebab__.ts';
import type { UnitOfWork } from '../database/unit-of-work.ts';

/** Opens a new one and keeps it, inside the caller's unit of work. */
export async function create(
  work: UnitOfWork,
  input: { readonly reference: string },
): Promise<__Aggregate__> {
  const created = open(input.reference, new Date());
  await work.repository.insert(created);
  return created;
}
