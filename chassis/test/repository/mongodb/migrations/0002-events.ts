import type { Db } from 'mongodb';
import { collection } from '../notes.ts';

export async function up(db: Db): Promise<void> {
  await db.collection(collection).createIndexes([
    // Holds across documents: what one has handled, no other can.
    { key: { 'inbox.events': 1 }, name: 'inbox_events', unique: true, sparse: true },
    { key: { 'inbox.handledAt': 1 }, name: 'inbox_handled_at', sparse: true },
    { key: { 'outbox.since': 1 }, name: 'outbox_since', sparse: true },
  ]);
  await db.collection('inbox').createIndexes([{ key: { handledAt: 1 }, name: 'handled_at' }]);
}
