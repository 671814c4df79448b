import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import {
  type ClickHouseConfig,
  clickhouse,
  type Publishing,
  publishing,
  type Rows,
  type VersionedRow,
} from '../../../src/clickhouse/index.ts';
import { VersionConflictError } from '../../../src/store/index.ts';

export const table = '"notes"';
export const migrations = path.join(import.meta.dirname, 'migrations');

/** A note, and its row at once. */
export interface Note extends VersionedRow {
  readonly text: string;
}

/** The first version of a note. */
export function newNote(id: string, text: string): Note {
  return { id, version: 1, text, deleted: false };
}

/** What a note becomes with another text. */
export function revised(note: Note, text: string): Note {
  return { ...note, text, version: note.version + 1 };
}

const newest = 'order by id, version desc, _block_number limit 1 by id';

/** Notes in their table. */
class NoteRepository {
  readonly #rows: Rows<Note>;

  constructor(rows: Rows<Note>) {
    this.#rows = rows;
  }

  insert(note: Note): Promise<void> {
    return this.#rows.add(note);
  }

  async find(id: string): Promise<Note | undefined> {
    const added = this.#rows.added(id);
    if (added !== undefined) return added;
    const [row] = await this.#rows.connection.select<Note>(
      `select id, version, text, deleted from ${table} where id = {id:String} ${newest}`,
      { id },
    );
    return row;
  }

  async update(changed: Note): Promise<void> {
    if (await this.#rows.wasChangedAlready(changed.id)) return;
    const stored = await this.find(changed.id);
    if (stored?.version !== changed.version - 1) throw new VersionConflictError(changed.id);
    await this.#rows.add(changed);
  }

  all(): Promise<Note[]> {
    const { connection } = this.#rows;
    return connection.select<Note>(`select id, version, text, deleted from ${table} ${newest}`);
  }
}

/** What a unit of work changes. */
export interface NoteWork extends Publishing {
  readonly notes: NoteRepository;
}

/** A database of notes in a service that has not started. */
export function notesOn(app: FastifyInstance, config: ClickHouseConfig) {
  return clickhouse(app, config, {
    service: 'notes',
    migrations,
    repository: (source) => new NoteRepository(source.rows(table)),
    unitOfWork: (changes, service): NoteWork => ({
      notes: new NoteRepository(changes.rows(table)),
      ...publishing(changes, service),
    }),
  });
}
