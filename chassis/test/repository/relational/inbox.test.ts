import { expect, test, vi } from 'vitest';
import { InProcessBus } from '../../../src/development/index.ts';
import { pruneInbox } from '../../../src/relational/inbox.ts';
import { eventsIn } from '../../../src/relational/index.ts';
import { withChassisTables } from '../../../src/relational/tables.ts';
import { DatabaseError } from '../../../src/store/index.ts';
import { newEvent, orderRequested } from '../../support/events.ts';
import {
  killTransactions,
  type OrdersDatabase,
  onEachServer,
  request,
  startOrders,
} from '../support/relational.ts';

const dayMs = 86_400_000;

onEachServer((server) => {
  test('the inbox forgets what was handled long ago, and nothing else', async () => {
    const { database } = await startOrders(server);
    const daysAgo = (days: number) => new Date(Date.now() - days * dayMs);
    await database.kysely
      .insertInto('inbox')
      .values([
        { source: '/x', event_id: 'old', handled_at: daysAgo(15) },
        { source: '/x', event_id: 'recent', handled_at: daysAgo(13) },
      ])
      .execute();
    await pruneInbox(database, 14 * 24);
    const isNew = (id: string) =>
      database.inTransaction((transaction) =>
        database.dialect.inbox.note(withChassisTables(transaction), {
          ...newEvent(orderRequested, 'x', { reference: 'x' }),
          ...{ id, source: '/x' },
        }),
      );
    expect(await isNew('old')).toBe(true);
    expect(await isNew('recent')).toBe(false);
  });

  // To a file there is no connection that could be lost.
  if (server.kind !== 'sqlite')
    test('an event whose transaction lost its connection comes again, and is not to blame', async () => {
      const bus = new InProcessBus();
      let times = 0;
      const started: { database?: OrdersDatabase } = {};
      const { database, kept } = await startOrders(server, {
        bus,
        environment: { EVENTS_ATTEMPTS: '1' },
        async apply(reference, { orders }) {
          times += 1;
          if (times === 1 && started.database) await killTransactions(server, started.database);
          await orders.insert(reference);
        },
      });
      started.database = database;
      await bus.publish([request('again')]);
      await expect.poll(kept).toEqual(['again']);
      expect(times).toBeGreaterThan(1);
      expect(await Array.fromAsync(bus.readDeadLetters())).toEqual([]);
    });

  test('attempts at an event are noted whatever becomes of it, and forgotten', async () => {
    const { pool } = await startOrders(server);
    const events = eventsIn(pool);
    const event = newEvent(orderRequested, 'x', { reference: 'x' });
    expect(await events.attemptsOf(event)).toBeUndefined();
    await events.noteAttempts(event, 0);
    await events.noteAttempts(event, 2);
    expect(await events.attemptsOf(event)).toBe(2);
    await events.forgetAttempts(event);
    expect(await events.attemptsOf(event)).toBeUndefined();
  });

  test('an outage is told from a fault of the handler, even behind another error', async () => {
    const { pool } = await startOrders(server);
    const events = eventsIn(pool);
    const ping = vi.spyOn(pool, 'ping');
    expect(await events.whoseFault(new Error('mine'))).toBe('attempt');
    ping.mockRejectedValueOnce(new DatabaseError('connection', 'gone'));
    expect(await events.whoseFault(new Error('a timeout'))).toBe('outage');
    expect(await events.whoseFault(new DatabaseError('pool', 'none free'))).toBe('no-connection');
  });
});
