import type { UnitOfWork } from '../database/unit-of-work.ts';

/**
 * Deletes the __aggregate_words__ with this id within the unit of work.
 *
 * @param checkVersion is called with the current version, and throws when the caller expects another one.
 * @returns false when there is no __aggregate_words__ with this id.
 * @throws VersionConflictError when another write came in between.
 */
export async function delete__Aggregate__(
  work: UnitOfWork,
  id: string,
  checkVersion: (version: number) => void,
): Promise<boolean> {
  const __aggregate__ = await work.repository.find(id);
  if (__aggregate__ === undefined) return false;
  checkVersion(__aggregate__.version);
  await work.repository.delete(id, __aggregate__.version);
  return true;
}
