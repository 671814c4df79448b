import { setImmediate as eventLoop } from 'node:timers/promises';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
  SelectQueryNode,
} from 'kysely';
import { Fence, idleTransactionLimit } from '../relational/index.ts';
import {
  type DatabaseConfig,
  DatabaseError,
  kindOf,
  UnitOfWorkClosedError,
} from '../store/index.ts';
import type { Connection } from './connection.ts';
import { type DatabaseFile, whileBusy } from './database-file.ts';
import { databaseError } from './driver-error.ts';
import type { Leave } from './places.ts';

const nothing: QueryResult<never> = { rows: [] };

/** How long a session waits: for its turn to write, and for other processes. */
export type Limits = Pick<DatabaseConfig, 'connectTimeout' | 'statementTimeout'>;

/**
 * What Kysely takes for a connection: a place in the pool. Outside of a transaction what reads goes over
 * the connection that reads, and what writes waits for its turn. A transaction waits for its turn with its
 * first statement, and has it until it ends: so the statements of two never mix.
 *
 * Before each statement the event loop gets a turn, so that probes, timers and other callers do.
 */
export class Session implements DatabaseConnection {
  readonly #file: DatabaseFile;
  readonly #limits: Limits;
  readonly #fence = new Fence(() => this.#cut());
  readonly #givenUp = new AbortController();
  #isInTransaction = false;
  #leave: Leave | undefined;
  /** Why the transaction was ended from elsewhere: what came then would be committed by itself. */
  #refusal: DatabaseError | undefined;
  /** Ends a transaction that sends nothing any more. */
  #idle: NodeJS.Timeout | undefined;

  constructor(file: DatabaseFile, limits: Limits) {
    this.#file = file;
    this.#limits = limits;
  }

  async begin(): Promise<void> {
    await this.#fence.pass('begin', async () => {
      this.#isInTransaction = true;
    });
  }

  async commit(): Promise<void> {
    await this.#fence.pass('commit', async () => {
      if (this.#refusal !== undefined) throw this.#refusal;
      // Without a statement there is nothing to be committed.
      if (this.#leave === undefined) return;
      this.#file.run(this.#file.writer(), 'commit');
      this.#end();
    });
  }

  async rollback(): Promise<void> {
    await this.#fence.pass('rollback', async () => this.#undo());
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const answer = await this.#fence.pass(query.sql, () =>
      this.#isInTransaction ? this.#inTransaction<Row>(query) : this.#alone<Row>(query),
    );
    return answer ?? nothing;
  }

  /** All rows at once: a statement that is read bit by bit would keep others from seeing what was written since. */
  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery<Row>(query);
  }

  /** Whoever has the place next is another. */
  release(): void {
    this.#undo();
    this.#fence.reopen();
  }

  async #inTransaction<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#leave === undefined && this.#refusal === undefined) await this.#beginNow();
    await eventLoop();
    this.#requireWanted();
    if (this.#refusal !== undefined) throw this.#refusal;
    this.#idle?.refresh();
    const writer = this.#file.writer();
    try {
      return this.#file.run<Row>(writer, sql, parameters);
    } catch (error) {
      // After some errors, such as a full disk, SQLite has undone all of it.
      if (!writer.isInTransaction) this.#refusal = databaseError(error);
      throw error;
    }
  }

  /** `immediate`, so that no statement finds out later that another process has written meanwhile. */
  async #beginNow(): Promise<void> {
    const leave = await this.#file.turn.take(this.#limits.connectTimeout, this.#givenUp.signal);
    this.#leave = leave;
    try {
      await whileBusy(this.#limits.statementTimeout, () => {
        this.#requireWanted();
        return this.#file.run(this.#file.writer(), 'begin immediate');
      });
      const limit = idleTransactionLimit(this.#limits);
      if (limit > 0) this.#idle = setTimeout(() => this.#endIdle(), limit);
    } catch (error) {
      leave();
      this.#leave = undefined;
      throw error;
    }
  }

  async #alone<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    await eventLoop();
    if (mayOnlyRead(query)) {
      try {
        return await this.#now<Row>(query, () => this.#file.reader());
      } catch (error) {
        // Such as `with … insert`: the connection that reads takes nothing that writes.
        if (kindOf(error) !== 'read-only') throw error;
      }
    }
    const leave = await this.#file.turn.take(this.#limits.connectTimeout);
    try {
      return await this.#now<Row>(query, () => this.#file.writer());
    } finally {
      leave();
    }
  }

  /** Runs a statement that is no part of a transaction. */
  #now<Row>(
    { sql, parameters }: CompiledQuery,
    connect: () => Connection,
  ): Promise<QueryResult<Row>> {
    return whileBusy(this.#limits.statementTimeout, () => {
      const connection = connect();
      const result = this.#file.run<Row>(connection, sql, parameters);
      if (!connection.isInTransaction) return result;
      connection.run('rollback');
      throw new Error('a transaction is begun by `transaction`, not by a statement');
    });
  }

  #requireWanted(): void {
    if (this.#givenUp.signal.aborted) throw new UnitOfWorkClosedError();
  }

  /** A statement is under way, which is to have no effect. */
  #cut(): void {
    this.#givenUp.abort(new UnitOfWorkClosedError());
    this.#undo();
  }

  /** Others wait for their turn. */
  #endIdle(): void {
    this.#undo();
    this.#isInTransaction = true;
    const message = 'the transaction waited for the service for too long, and was undone';
    this.#refusal = new DatabaseError('transaction-timeout', message);
  }

  #undo(): void {
    if (this.#leave !== undefined) this.#file.undo();
    this.#end();
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#idle = undefined;
    this.#leave?.();
    this.#leave = undefined;
    this.#isInTransaction = false;
    this.#refusal = undefined;
  }
}

/** A statement that was written as text says so by its first word. */
function mayOnlyRead({ query, sql }: CompiledQuery): boolean {
  if (query.kind !== 'RawNode') return SelectQueryNode.is(query);
  return /^\s*(select|values|with|explain|pragma)\b/i.test(sql);
}
