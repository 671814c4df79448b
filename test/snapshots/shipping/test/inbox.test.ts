import { expect, test } from 'vitest';
import { noteInInbox, pruneInbox } from '../src/inbox/inbox.ts';
import { startService } from './support/service.ts';

const dayMs = 86_400_000;

test('the inbox forgets what was handled long ago, and nothing else', async () => {
  const { database } = await startService();
  const daysAgo = (days: number) => new Date(Date.now() - days * dayMs);
  await database.kysely
    .insertInto('inbox')
    .values([
      { source: '/x', event_id: 'old', handled_at: daysAgo(15) },
      { source: '/x', event_id: 'recent', handled_at: daysAgo(13) },
    ])
    .execute();
  await pruneInbox(database, 14 * 24);
  expect(await isNew('old')).toBe(true);
  expect(await isNew('recent')).toBe(false);

  function isNew(id: string): Promise<boolean> {
    const event = { specversion: '1.0', id, source: '/x', type: 'x', subject: 'x' } as const;
    return database.inTransaction((transaction) =>
      noteInInbox(transaction, { ...event, datacontenttype: 'application/json', data: null }),
    );
  }
});
