import type { UnitOfWork } from '../database/unit-of-work.ts';

/**
 * Deletes the shipping with this id within the unit of work.
 *
 * @param checkVersion is called with the current version, and throws when the caller expects another one.
 * @returns false when there is no shipping with this id.
 * @throws VersionConflictError when another write came in between.
 */
export async function deleteShipping(
  work: UnitOfWork,
  id: string,
  checkVersion: (version: number) => void,
): Promise<boolean> {
  const shipping = await work.repository.find(id);
  if (shipping === undefined) return false;
  checkVersion(shipping.version);
  await work.repository.delete(id, shipping.version);
  return true;
}
