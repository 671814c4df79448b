import { describe, expect, onTestFinished, test } from 'vitest';
import { InProcessBus } from '../../../src/development/index.ts';
import { type CloudEvent, defineHandler, messageOf } from '../../../src/events/index.ts';
import { mongodbEvents } from '../../../src/mongodb/index.ts';
import { startHandler } from '../../support/events.ts';
import { buildService } from '../../support/service.ts';
import { hasMongo, sharedMongo } from '../support/mongodb.ts';
import { type NoteWork, newNote, noteRequested, notesOn, requestFor, startNotes } from './notes.ts';

const newDatabase = sharedMongo();

/** A handler that writes the note that it has prepared. */
function writing(prepare: (id: string) => Promise<string>) {
  return defineHandler({
    event: noteRequested,
    prepare: (_data, { event }) => prepare(event.subject),
    apply: (_data, work: NoteWork, { event, prepared }) =>
      work.notes.insert(newNote(event.subject, prepared)),
  });
}

describe.skipIf(!hasMongo)('handlers that prepare, in MongoDB', () => {
  test('while a handler prepares, others have the only connection', async () => {
    const config = await newDatabase();
    // Lays the indexes.
    const { notes } = await startNotes(config);
    const app = await buildService();
    const database = notesOn(app, { ...config, poolMax: 1 });
    // A pool of one: so many handlers that those beside them are counted out.
    const { datastore } = mongodbEvents(app, database, -1);
    await app.ready();
    onTestFinished(() => app.close());
    const began = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<string>();
    const handler = writing(() => {
      began.resolve();
      return answer.promise;
    });
    const { bus } = await startHandler(handler, datastore);
    await bus.publish([messageOf(requestFor('1'))]);
    await began.promise;
    expect(await datastore.attemptsOf(requestFor('2'))).toBeUndefined();
    answer.resolve('prepared');
    await expect.poll(() => notes.all()).toMatchObject([{ id: '1', text: 'prepared' }]);
  });

  test('an event that comes again is not prepared again, and has its one effect', async () => {
    const bus = new InProcessBus();
    const prepared: string[] = [];
    const handler = writing(async (id) => {
      prepared.push(id);
      return 'prepared';
    });
    const { notes } = await startNotes(await newDatabase(), { bus, handler });
    const again: CloudEvent = requestFor('1');
    await bus.publish([again, again, requestFor('2')].map((event) => messageOf(event)));
    await expect.poll(() => notes.all()).toHaveLength(2);
    await bus.stopConsuming();
    expect(prepared.toSorted()).toEqual(['1', '2']);
  });

  test('an event that two instances prepare at the same time has one effect', async () => {
    const config = await newDatabase();
    const both = Promise.withResolvers<void>();
    let preparing = 0;
    const handler = writing(async () => {
      preparing += 1;
      if (preparing === 2) both.resolve();
      await both.promise;
      return 'prepared';
    });
    const buses = [new InProcessBus(), new InProcessBus()];
    const [first] = await Promise.all(buses.map((bus) => startNotes(config, { bus, handler })));
    const message = messageOf(requestFor('1'));
    await Promise.all(buses.map((bus) => bus.publish([message])));
    await Promise.all(buses.map((bus) => bus.stopConsuming()));
    expect(preparing).toBe(2);
    expect(await first?.notes.all()).toMatchObject([{ id: '1', text: 'prepared', version: 1 }]);
    for (const bus of buses) expect(await Array.fromAsync(bus.readDeadLetters())).toEqual([]);
  });
});
