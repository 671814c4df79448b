import type { UnitOfWork } from '../database/unit-of-work.ts';

/**
 * Deletes the order with this id within the unit of work.
 *
 * @param checkVersion is called with the current version, and throws when the caller expects another one.
 * @returns false when there is no order with this id.
 * @throws VersionConflictError when another write came in between.
 */
export async function deleteOrder(
  work: UnitOfWork,
  id: string,
  checkVersion: (version: number) => void,
): Promise<boolean> {
  const order = await work.repository.find(id);
  if (order === undefined) return false;
  checkVersion(order.version);
  await work.repository.delete(id, order.version);
  return true;
}
