import { describe, expect, onTestFinished, test } from 'vitest';
import { type CloudEvent, defineHandler } from '../../../src/events/index.ts';
import { startHandler } from '../../support/events.ts';
import { hasClickHouse, sharedClickHouse } from '../support/clickhouse.ts';
import { noteRequested, requests, startNoteEvents } from './note-events.ts';
import { type NoteWork, newNote, revised, table } from './notes.ts';

const newDatabase = sharedClickHouse();

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

/** A service that keeps notes, and a function that delivers the event to a handler. */
async function startHandling(apply: (work: NoteWork) => Promise<void>) {
  const { app, database, datastore } = await startNoteEvents(await newDatabase());
  onTestFinished(() => app.close());
  const handler = { type: event.type, apply };
  const { signal } = new AbortController();
  const context = { event, log: app.log, signal };
  const deliver = () => datastore.handleOnce(handler, context);
  return { database, notes: database.repository, deliver };
}

describe.skipIf(!hasClickHouse)('events in ClickHouse', () => {
  test('what an event creates has the same ids whenever it comes, which sort by its time', async () => {
    const ids: string[] = [];
    const { notes, deliver } = await startHandling(async (work) => {
      for (const text of ['first', 'second']) {
        const created = newNote(work.newId(), text);
        ids.push(created.id);
        await work.notes.insert(created);
      }
    });
    await Promise.all([deliver(), deliver()]);
    await deliver();
    const kept = await notes.all();
    expect(kept.map(({ id }) => id).sort()).toEqual([...new Set(ids)].sort());
    expect(kept).toHaveLength(2);
    const milliseconds = Date.parse('2026-01-01T00:00:00.000Z').toString(16).padStart(12, '0');
    for (const id of ids) expect(id.replaceAll('-', '').slice(0, 12)).toBe(milliseconds);
  });

  test('an event that changes something changes it once, however often it comes', async () => {
    const { notes, deliver } = await startHandling(async (work) => {
      const found = await work.notes.find('1');
      if (found !== undefined) await work.notes.update(revised(found, `${found.text} again`));
    });
    await notes.insert(newNote('1', 'counted'));
    await deliver();
    await deliver();
    expect(await notes.find('1')).toMatchObject({ text: 'counted again', version: 2 });
  });

  test('a change that lost against another is made when the event comes again', async () => {
    const { database, notes, deliver } = await startHandling(async (work) => {
      const found = await work.notes.find('1');
      if (found !== undefined) await work.notes.update(revised(found, `${found.text}, handled`));
    });
    const note = newNote('1', 'counted');
    await notes.insert(note);
    await notes.update(revised(note, 'by another'));
    // The row of the event's first delivery, which came second under the same version.
    await database.connection.command(
      `insert into ${table}
        select * replace('lost' as text, 'x' as writer, '1767225600000 /elsewhere 1' as cause)
        from ${table} where version = 2`,
    );
    await deliver();
    expect(await notes.find('1')).toMatchObject({ text: 'by another, handled', version: 3 });
  });

  test('what a handler prepares is applied, and an event that is prepared again has one effect', async () => {
    const { app, database, datastore } = await startNoteEvents(await newDatabase());
    onTestFinished(() => app.close());
    const prepared: string[] = [];
    const handler = defineHandler({
      event: noteRequested,
      async prepare({ text }) {
        prepared.push(text);
        return text.toUpperCase();
      },
      apply: (_data, work: NoteWork, { prepared }) =>
        work.notes.insert(newNote(work.newId(), prepared)),
    });
    const { bus } = await startHandler(handler, datastore);
    const [message] = requests(1);
    if (message === undefined) throw new Error('no message');
    await bus.publish([message, message]);
    await expect.poll(() => prepared, { timeout: 10_000 }).toEqual(['request 0', 'request 0']);
    await bus.stopConsuming();
    expect(await database.repository.all()).toMatchObject([{ text: 'REQUEST 0' }]);
  });

  test('how often an event was handled alone is remembered until it is forgotten', async () => {
    const { app, datastore } = await startNoteEvents(await newDatabase());
    onTestFinished(() => app.close());
    expect(await datastore.attemptsOf(event)).toBeUndefined();
    await datastore.noteAttempts(event, 1);
    await datastore.noteAttempts(event, 2);
    expect(await datastore.attemptsOf(event)).toBe(2);
    expect(await datastore.attemptsOf({ ...event, source: '/another' })).toBeUndefined();
    await datastore.forgetAttempts(event);
    expect(await datastore.attemptsOf(event)).toBeUndefined();
  });
});
