import type { UnitOfWork } from '../database/unit-of-work.ts';
import { change__Aggregate__, type __Aggregate__Changes } from '../domain/__aggregate_kebab__.ts';

/**
 * Changes the __aggregate_words__ with this id within the unit of work.
 *
 * @param checkVersion is called with the current version, and throws when the caller expects another one.
 * @returns the changed __aggregate_words__, or `undefined` when there is none with this id.
 * @throws VersionConflictError when another write came in between.
 */
export async function update__Aggregate__(
  work: UnitOfWork,
  id: string,
  changes: __Aggregate__Changes,
  checkVersion: (version: number) => void,
) {
  const __aggregate__ = await work.repository.find(id);
  if (__aggregate__ === undefined) return undefined;
  checkVersion(__aggregate__.version);
  const changed = change__Aggregate__(__aggregate__, changes, new Date());
  await work.repository.update(changed);
  return changed;
}
