import type { UnitOfWork } from '../database/unit-of-work.ts';
import { changeOrder, type OrderChanges } from '../domain/order.ts';

/**
 * Changes the order with this id within the unit of work.
 *
 * @param checkVersion is called with the current version, and throws when the caller expects another one.
 * @returns the changed order, or `undefined` when there is none with this id.
 * @throws VersionConflictError when another write came in between.
 */
export async function updateOrder(
  work: UnitOfWork,
  id: string,
  changes: OrderChanges,
  checkVersion: (version: number) => void,
) {
  const order = await work.repository.find(id);
  if (order === undefined) return undefined;
  checkVersion(order.version);
  const changed = changeOrder(order, changes, new Date());
  await work.repository.update(changed);
  return changed;
}
