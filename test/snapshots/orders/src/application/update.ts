import type { UnitOfWork } from '../database/unit-of-work.ts';
import { type Change, revise } from '../domain/order.ts';

/**
 * Changes one, inside the caller's unit of work.
 *
 * @param confirm is told the version that is kept, and throws when it is not what the caller means.
 * @returns what it has become, or `undefined` when there is none with that id.
 * @throws VersionConflictError when another write came after that look.
 */
export async function update(
  work: UnitOfWork,
  id: string,
  change: Change,
  confirm: (version: number) => void,
) {
  const found = await work.repository.find(id);
  if (found === undefined) return undefined;
  confirm(found.version);
  const changed = revise(found, change, new Date());
  await work.repository.update(changed);
  return changed;
}
