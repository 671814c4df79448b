import { randomUUID } from 'node:crypto';
import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';
import type { Connection } from './connection.ts';
import { UnitOfWorkGate } from './giving-up.ts';
import { type Row, toRow } from './row.ts';
import { store } from './store.ts';

/** Where a repository puts what is to be stored. */
export interface Sink {
  /** What the work follows from: the same when it is done again; empty where that cannot happen. */
  readonly cause: string;
  add(one: __Aggregate__, deleted?: boolean): Promise<void>;
  /** The latest that was added of an aggregate and is not stored yet. */
  newest(id: string): Row | undefined;
}

/** What one unit of work wants to have stored, and done after that; nothing is written before its end. */
export class Changes implements Sink {
  readonly cause: string;
  /** Closed when the work is over. */
  readonly gate = new UnitOfWorkGate();
  readonly rows: Row[] = [];
  readonly afterwards: (() => Promise<void>)[] = [];
  readonly #writer = randomUUID();

  constructor(cause = '') {
    this.cause = cause;
  }

  /** @throws UnitOfWorkClosedError once the work is over. */
  async add(one: __Aggregate__, deleted = false): Promise<void> {
    this.gate.requireOpen();
    this.rows.push(toRow(one, { writer: this.#writer, cause: this.cause, deleted }));
  }

  newest(id: string): Row | undefined {
    return this.rows.findLast((row) => row.id === id);
  }
}

/** Outside a unit of work: each change is stored when it is made. */
export function immediately(connection: Connection): Sink {
  return {
    cause: '',
    add: (one, deleted = false) =>
      store(connection, [toRow(one, { writer: randomUUID(), cause: '', deleted })]),
    newest: () => undefined,
  };
}
