import { expect, test } from 'vitest';
import { pruneInbox } from '../src/inbox/inbox.ts';
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
  expect(await database.kysely.selectFrom('inbox').select('event_id').execute()).toEqual([
    { event_id: 'recent' },
  ]);
});
