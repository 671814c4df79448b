import type { UnitOfWork } from '../database/unit-of-work.ts';
import { changeShipping, type ShippingChanges } from '../domain/shipping.ts';

/**
 * Changes the shipping with this id within the unit of work.
 *
 * @param checkVersion is called with the current version, and throws when the caller expects another one.
 * @returns the changed shipping, or `undefined` when there is none with this id.
 * @throws VersionConflictError when another write came in between.
 */
export async function updateShipping(
  work: UnitOfWork,
  id: string,
  changes: ShippingChanges,
  checkVersion: (version: number) => void,
) {
  const shipping = await work.repository.find(id);
  if (shipping === undefined) return undefined;
  checkVersion(shipping.version);
  const changed = changeShipping(shipping, changes, new Date());
  await work.repository.update(changed);
  return changed;
}
