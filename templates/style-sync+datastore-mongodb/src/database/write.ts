import type { Collection } from 'mongodb';
import type { AggregateDocument, Change } from './document.ts';
import { VersionConflictError } from './version-conflict.ts';

/**
 * Writes what becomes of an aggregate.
 *
 * @throws VersionConflictError unless the stored one is the version that the change starts from.
 */
export async function write(
  aggregates: Collection<AggregateDocument>,
  { id, before, after }: Change,
): Promise<void> {
  if (before === undefined) {
    if (after !== undefined) await aggregates.insertOne({ _id: id, aggregate: after });
    return;
  }
  const stored = { _id: id, 'aggregate.version': before };
  const written =
    after === undefined
      ? (await aggregates.deleteOne(stored)).deletedCount
      : (await aggregates.updateOne(stored, { $set: { aggregate: after } })).matchedCount;
  if (written !== 1) throw new VersionConflictError(id);
}
