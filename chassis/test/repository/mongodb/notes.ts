import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { readPart } from '../../../src/config/index.ts';
import { InProcessBus } from '../../../src/development/index.ts';
import {
  type AnyHandler,
  type CloudEvent,
  defineEvent,
  defineHandler,
  eventsConfig,
  eventsFrom,
  registerEvents,
} from '../../../src/events/index.ts';
import {
  type Documents,
  type MongoConfig,
  mongodb,
  mongodbEvents,
  type Publishing,
  publishing,
  type VersionedAggregate,
} from '../../../src/mongodb/index.ts';
import { registerOutbox } from '../../../src/outbox/index.ts';
import { buildService } from '../../support/service.ts';

export const collection = 'notes';
export const migrations = path.join(import.meta.dirname, 'migrations');

export interface Note extends VersionedAggregate {
  readonly text: string;
}

/** The first version of a note. */
export function newNote(id: string, text: string): Note {
  return { id, version: 1, text };
}

/** What a note becomes with another text. */
export function revised(note: Note, text: string): Note {
  return { ...note, text, version: note.version + 1 };
}

/** Notes in their collection. */
class NoteRepository {
  readonly #documents: Documents<Note>;

  constructor(documents: Documents<Note>) {
    this.#documents = documents;
  }

  insert(note: Note): Promise<void> {
    return this.#documents.insert(note);
  }

  async find(id: string): Promise<Note | undefined> {
    const pending = this.#documents.pending(id);
    if (pending !== undefined) return pending.after;
    const stored = await this.#documents.query((notes) => notes.findOne({ _id: id }));
    return stored?.aggregate;
  }

  update(changed: Note): Promise<void> {
    return this.#documents.update(changed);
  }

  delete(id: string, version: number): Promise<void> {
    return this.#documents.delete(id, version);
  }

  async all(): Promise<Note[]> {
    const stored = await this.#documents.query((notes) =>
      notes.find({ 'aggregate.id': { $gt: '' } }).toArray(),
    );
    return stored.flatMap(({ aggregate }) => aggregate ?? []);
  }
}

/** What a unit of work changes. */
export interface NoteWork extends Publishing {
  readonly notes: NoteRepository;
}

/** A database of notes in a service that has not started. */
export function notesOn(app: FastifyInstance, config: MongoConfig) {
  return mongodb(app, config, {
    service: 'notes',
    collection,
    migrations,
    repository: (documents: Documents<Note>) => new NoteRepository(documents),
    unitOfWork: (transaction, service): NoteWork => ({
      notes: new NoteRepository(transaction.documents),
      ...publishing(transaction, service),
    }),
  });
}

const noted = defineEvent({
  type: 'test.noted.v1',
  data: z.record(z.string(), z.unknown()),
});

const newEvent = eventsFrom('notes');

/** An event about a note. */
export function notedEvent(subject: string, data: Record<string, unknown>): CloudEvent {
  return newEvent(noted, subject, data);
}

export const noteRequested = defineEvent({
  type: 'notes.note-requested.v1',
  data: z.object({ text: z.string() }),
});

/** An event that asks for a note, which a handler writes under the subject's name. */
export function requestFor(id: string): CloudEvent {
  return newEvent(noteRequested, id, { text: 'asked for' });
}

const writesNote = defineHandler<{ text: string }, NoteWork>({
  event: noteRequested,
  apply: ({ text }, work, { event }) => work.notes.insert(newNote(event.subject, text)),
});

interface NoteOptions {
  /** Writes the note that is asked for unless told otherwise. */
  readonly handler?: AnyHandler<NoteWork>;
  readonly bus?: InProcessBus;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A service that keeps notes and relays its outbox to a bus in this process; it is ready. */
export async function startNotes(
  config: MongoConfig,
  { bus = new InProcessBus(), environment = {}, handler = writesNote }: NoteOptions = {},
) {
  const app = await buildService(environment);
  const database = notesOn(app, config);
  const events = readPart(eventsConfig({ concurrency: 16, takenPerTurn: 16 }), {
    EVENTS_RETRY_PAUSE_MS: '10',
    ...environment,
  });
  const { datastore, outbox, pruneInbox } = mongodbEvents(app, database, events.concurrency);
  registerEvents(app, {
    service: 'notes',
    config: events,
    bus,
    datastore,
    schemas: [noted, noteRequested],
    handlers: [handler],
    hasCallers: true,
  });
  registerOutbox(app, { store: outbox, stuckAfter: events.stuckAfter });
  await app.ready();
  await vi.waitFor(async () => {
    const startup = await app.inject('/health/startup');
    if (startup.json().status !== 'started') throw new Error(startup.body);
  }, 20_000);
  onTestFinished(() => app.close());
  return { app, bus, database, datastore, outbox, pruneInbox, notes: database.repository };
}
