import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { QueryResult } from 'kysely';
import { DatabaseError, endsConnection, kindOf } from '../store/index.ts';
import { Connection } from './connection.ts';
import { databaseError } from './driver-error.ts';
import { Places } from './places.ts';

/** Pauses between two looks whether another process still writes, in milliseconds. */
const firstPauseMs = 1;
const longestPauseMs = 20;

/**
 * The file of a database, as all pools of a process use it: one connection writes, for one unit of work
 * at a time, and another reads. Nobody waits within SQLite, as that would block the event loop: for each
 * other they wait in a queue, for other processes by looking again.
 */
export class DatabaseFile {
  readonly path: string;
  /** Whoever has its place may write. */
  readonly turn = new Places(1);
  #writer: Connection | undefined;
  #reader: Connection | undefined;
  /** Which file it is, since it was first opened: another one under its name has other data. */
  #identity: string | undefined;
  #users = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** The connection that writes, for whoever has the turn. @throws DatabaseError when the file is not there. */
  writer(): Connection {
    this.requirePresent();
    this.#writer ??= this.#open(true);
    return this.#writer;
  }

  /** The connection that reads, outside of any transaction. @throws DatabaseError */
  reader(): Connection {
    this.#reader ??= this.#open(false);
    return this.#reader;
  }

  /** Runs a statement on one of the connections. @throws DatabaseError */
  run<Row>(
    connection: Connection,
    sql: string,
    parameters: readonly unknown[] = [],
  ): QueryResult<Row> {
    try {
      return connection.run<Row>(sql, parameters);
    } catch (error) {
      const failure = databaseError(error);
      this.#forget(connection, failure);
      throw failure;
    }
  }

  /** Undoes what whoever has the turn has written and not committed. */
  undo(): void {
    if (this.#writer?.isInTransaction === true) this.#writer.run('rollback');
  }

  /** Gives up a connection after a failure that another one may not have. */
  #forget(connection: Connection, failure: DatabaseError): void {
    if (!endsConnection(failure) || connection.isInTransaction) return;
    if (connection === this.#writer) this.#writer = undefined;
    else if (connection === this.#reader) this.#reader = undefined;
    else return;
    connection.close();
  }

  /**
   * What is written to a file that was removed is lost when the process ends.
   *
   * @throws DatabaseError unless the file is there that was opened.
   */
  requirePresent(): void {
    if (this.#identity === undefined || identityOf(this.path) === this.#identity) return;
    throw new DatabaseError(
      'unavailable',
      'the file of the database was removed or replaced since it was opened; start the service again',
    );
  }

  /** @throws DatabaseError when the file takes no writes; nothing is written to find out. */
  requireWritable(): void {
    this.requirePresent();
    this.#requirePermission();
    const leave = this.turn.tryTake();
    // Somebody writes just now.
    if (leave === undefined) return;
    try {
      this.run(this.writer(), 'begin immediate');
      this.undo();
    } catch (error) {
      if (kindOf(error) !== 'lock-timeout') throw error;
    } finally {
      leave();
    }
  }

  /** Counts those who use the file; the last one closes it. */
  addUser(): void {
    this.#users += 1;
  }

  removeUser(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#reader?.close();
    this.#writer?.close();
    this.#reader = undefined;
    this.#writer = undefined;
  }

  #open(mayWrite: boolean): Connection {
    this.requirePresent();
    const connection = new Connection(this.path, mayWrite);
    this.#identity ??= identityOf(this.path);
    return connection;
  }

  /** SQLite opens what it may not write for reading only. */
  #requirePermission(): void {
    try {
      fs.accessSync(this.path, fs.constants.R_OK | fs.constants.W_OK);
    } catch (error) {
      throw new DatabaseError('read-only', 'the file of the database may not be written', error);
    }
  }
}

/**
 * Does what is refused while another process writes, again and again.
 *
 * @param limitMs for how long; 0 is for ever.
 * @param isWanted whether anybody still waits.
 */
export async function whileBusy<T>(
  limitMs: number,
  run: () => T,
  isWanted: () => boolean = () => true,
): Promise<T> {
  const start = performance.now();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, 2 * pauseMs)) {
    try {
      return run();
    } catch (error) {
      const isLate = limitMs > 0 && performance.now() - start >= limitMs;
      if (kindOf(error) !== 'lock-timeout' || isLate || !isWanted()) throw error;
      await delay(pauseMs);
    }
  }
}

/** Names a file by what it is, not by where it is. */
function identityOf(path: string): string | undefined {
  const stats = fs.statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}
