import type { CloudEvent } from 'service-chassis/events';
import { expect, test } from 'vitest';
import { table } from '../src/database/row.ts';
import type { UnitOfWork } from '../src/database/unit-of-work.ts';
import {
  change__Aggregate__ as revise,
  open__Aggregate__ as open,
} from '../src/domain/__aggregate_kebab__.ts';
import { eventsDatastore } from '../src/events/datastore.ts';
import { startService } from './support/service.ts';

const event: CloudEvent = {
  specversion: '1.0',
  id: '1',
  source: '/elsewhere',
  type: 'elsewhere.happened.v1',
  subject: 'one',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  data: {},
};

/** The service, and a function that delivers the event to a handler. */
async function startHandling(handle: (work: UnitOfWork) => Promise<void>) {
  const app = await startService();
  const handler = { type: event.type, handle };
  const { signal } = new AbortController();
  const context = { event, log: app.log, app, signal };
  const deliver = () => eventsDatastore(app).handleOnce(handler, context);
  return { app, deliver };
}

test('what an event creates has the same ids whenever it comes, which sort by its time', async () => {
  const ids: string[] = [];
  const { app, deliver } = await startHandling(async (work) => {
    for (const reference of ['first', 'second']) {
      const created = open(reference, new Date(), work.newId());
      ids.push(created.id);
      await work.repository.insert(created);
    }
  });
  await Promise.all([deliver(), deliver()]);
  await deliver();
  const kept = await app.database.repository.list({ limit: 10, after: undefined });
  expect(kept.map(({ id }) => id).sort()).toEqual([...new Set(ids)].sort());
  expect(kept).toHaveLength(2);
  const milliseconds = Date.parse('2026-01-01T00:00:00.000Z').toString(16).padStart(12, '0');
  for (const id of ids) expect(id.replaceAll('-', '').slice(0, 12)).toBe(milliseconds);
});

test('an event that changes something changes it once, however often it comes', async () => {
  const one = open('counted', new Date());
  const { app, deliver } = await startHandling(async ({ repository }) => {
    const found = await repository.find(one.id);
    if (found === undefined) return;
    const reference = `${found.reference} again`;
    await repository.update(revise(found, { reference, status: 'open' }, new Date()));
  });
  const { repository } = app.database;
  await repository.insert(one);
  await deliver();
  await deliver();
  expect(await repository.find(one.id)).toMatchObject({ reference: 'counted again', version: 2 });
});

test('a change that lost against another is made when the event comes again', async () => {
  const one = open('counted', new Date());
  const { app, deliver } = await startHandling(async ({ repository }) => {
    const found = await repository.find(one.id);
    if (found === undefined) return;
    await repository.update(revise(found, { ...found, status: 'closed' }, new Date()));
  });
  const { repository, connection } = app.database;
  await repository.insert(one);
  await repository.update(revise(one, { reference: 'by another', status: 'open' }, new Date()));
  // The row of the event's first delivery, which came second under the same version.
  await connection.command(
    `insert into ${table}
      select * replace('lost' as reference, 'x' as writer, '1767225600000 /elsewhere 1' as cause)
      from ${table} where version = 2`,
  );
  await deliver();
  expect(await repository.find(one.id)).toMatchObject({
    reference: 'by another',
    status: 'closed',
    version: 3,
  });
});
