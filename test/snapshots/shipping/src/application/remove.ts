import type { UnitOfWork } from '../database/unit-of-work.ts';

/**
 * Removes one, inside the caller's unit of work.
 *
 * @param confirm is told the version that is kept, and throws when it is not what the caller means.
 * @returns whether there was one with that id.
 * @throws VersionConflictError when another write came after that look.
 */
export async function remove(
  work: UnitOfWork,
  id: string,
  confirm: (version: number) => void,
): Promise<boolean> {
  const found = await work.repository.find(id);
  if (found === undefined) return false;
  confirm(found.version);
  await work.repository.delete(id, found.version);
  return true;
}
