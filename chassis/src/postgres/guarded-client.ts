import type pg from 'pg';
import { Fence } from '../relational/index.ts';
import { type DatabaseError, endsConnection } from '../store/index.ts';
import { databaseError } from './driver-error.ts';

/** A service has few statements; what makes up new ones all the time must not fill the server. */
const mostPrepared = 200;

/** The answer to a ROLLBACK that need not be sent. */
const undone: pg.QueryResult = {
  command: 'ROLLBACK',
  rowCount: null,
  oid: 0,
  rows: [],
  fields: [],
};

/**
 * A connection of the pool behind a fence, which is given up once it broke or fell silent, instead of
 * being lent out again. It has the server parse and plan a statement once, not each time: the statement
 * gets a name (PostgreSQL, 54.2.3, "Extended Query").
 */
export function guarded(client: pg.PoolClient): pg.PoolClient {
  const prepared = new Map<string, string>();
  let lost: DatabaseError | undefined;
  // The server says why it ends a connection on which no statement runs, such as one whose transaction
  // waits for the service; the next statement would only hear that it is closed.
  client.on('error', (error) => {
    const failure = databaseError(error);
    if (endsConnection(failure)) lost ??= failure;
  });
  const fence = new Fence(() => client.release(true));
  function nameOf(text: string): string | undefined {
    if (!prepared.has(text) && prepared.size < mostPrepared)
      prepared.set(text, `s${prepared.size}`);
    return prepared.get(text);
  }
  async function send(text: string, values: unknown[]): Promise<pg.QueryResult> {
    if (lost !== undefined) throw lost;
    // What takes no values, as `commit`, goes faster by itself.
    const name = values.length > 0 ? nameOf(text) : undefined;
    try {
      return await client.query(name === undefined ? { text, values } : { name, text, values });
    } catch (error) {
      const failure = databaseError(error);
      if (endsConnection(failure)) lost = failure;
      throw failure;
    }
  }
  async function query(text: string, values: unknown[]): Promise<pg.QueryResult> {
    try {
      return (await fence.pass(text, () => send(text, values))) ?? undone;
    } catch (error) {
      // The server undoes what a lost connection has not committed.
      if (text === 'rollback' && error === lost) return undone;
      throw error;
    }
  }
  function release(destroy = false): void {
    fence.reopen();
    // One that was cut is gone from the pool.
    if (!fence.isCut) client.release(destroy || lost !== undefined);
  }
  return new Proxy(client, {
    get: (target, property) =>
      property === 'query'
        ? query
        : property === 'release'
          ? release
          : Reflect.get(target, property),
  });
}
