import type { Transaction } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { CloudEvent } from '../events/event.ts';

/**
 * Whether the transaction still holds its note of an event. It does not, or this rejects, after a
 * statement at whose failure the server undid everything, or will at the commit.
 */
export async function isNoted(
  transaction: Transaction<Tables>,
  { source, id }: CloudEvent,
): Promise<boolean> {
  const notes = await transaction
    .selectFrom('inbox')
    .select('handled_at')
    .where('source', '=', source)
    .where('event_id', '=', id)
    .execute();
  return notes.length === 1;
}
