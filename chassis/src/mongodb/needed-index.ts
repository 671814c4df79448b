import type { Collection } from 'mongodb';
import { CannotStartError } from '../health/index.ts';
import type { StoredDocument } from './document.ts';

/**
 * Checks that the index is there by which an event has its effect once: without it nothing would refuse
 * a second one.
 *
 * @throws CannotStartError
 */
export async function requireInboxIndex(aggregates: Collection<StoredDocument>): Promise<void> {
  const indexes = await aggregates.indexes();
  const isThere = indexes.some(
    ({ key, unique }) => unique === true && Object.keys(key).join() === 'inbox.events',
  );
  if (isThere) return;
  throw new CannotStartError(
    `The collection ${aggregates.collectionName} has no unique index on inbox.events, which the ` +
      'inbox needs; create it in a migration.',
  );
}
