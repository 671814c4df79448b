import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type ClickHouseConfig, clickhouseEvents } from '../../../src/clickhouse/index.ts';
import { readConfig, readPart } from '../../../src/config/index.ts';
import { InProcessBus } from '../../../src/development/index.ts';
import {
  defineEvent,
  defineHandler,
  eventsConfig,
  eventsFrom,
  type Message,
  messageOf,
  registerEvents,
} from '../../../src/events/index.ts';
import { type CoreConfig, coreConfig, createService } from '../../../src/service/index.ts';
import { type NoteWork, newNote, notesOn } from './notes.ts';

export const noteRequested = defineEvent({
  type: 'notes.note-requested.v1',
  data: z.object({ text: z.string() }),
});

export const noteCreated = defineEvent({
  type: 'notes.note-created.v1',
  data: z.object({ id: z.string() }),
});

const newEvent = eventsFrom('notes');

/** Requests with the same ids in each process: what a bus delivers again after a crash. */
export function requests(count: number): Message[] {
  return Array.from({ length: count }, (_, index) => {
    const event = newEvent(noteRequested, `subject ${index}`, { text: `request ${index}` });
    return messageOf({ ...event, id: `request-${index}`, time: '2026-01-01T00:00:00.000Z' });
  });
}

/** Writes the note that is asked for, and publishes that. */
const handler = defineHandler<{ text: string }, NoteWork>({
  event: noteRequested,
  async apply({ text }, work) {
    const note = newNote(work.newId(), text);
    await work.notes.insert(note);
    await work.publish(newEvent(noteCreated, note.id, { id: note.id }));
  },
});

/** A service on a bus in this process that writes the notes that are asked for; it is ready. */
export async function startNoteEvents(
  config: ClickHouseConfig,
  { bus = new InProcessBus(), maxWait = 10, attempts = '5' } = {},
) {
  const core = readConfig<CoreConfig>(coreConfig, { LOG_LEVEL: 'silent' });
  const app = await createService('notes', core);
  const database = notesOn(app, config);
  const datastore = clickhouseEvents(app, database, { maxRows: 500, maxWait });
  const defaults = eventsConfig({ concurrency: 500, takenPerTurn: 16 });
  registerEvents(app, {
    service: 'notes',
    config: readPart(defaults, { EVENTS_RETRY_PAUSE_MS: '10', EVENTS_ATTEMPTS: attempts }),
    bus,
    datastore,
    schemas: [noteRequested, noteCreated],
    handlers: [handler],
    hasCallers: true,
  });
  await app.ready();
  while (!(await app.health.readiness()).ready) await delay(50);
  return { app, bus, database, datastore };
}
