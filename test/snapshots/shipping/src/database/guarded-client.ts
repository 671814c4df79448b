import type pg from 'pg';
import { type DatabaseError, endsConnection } from './database-error.ts';
import { databaseError } from './driver-error.ts';

/** A service has few statements; what makes up new ones all the time must not fill the server. */
const mostPrepared = 200;

/**
 * A connection of the pool that is given up once it broke or fell silent, instead of being lent out
 * again. It has the server parse and plan a statement once, not each time: the statement gets a name
 * (PostgreSQL, 54.2.3, "Extended Query").
 */
export function guarded(client: pg.PoolClient): pg.PoolClient {
  const prepared = new Map<string, string>();
  let lost: DatabaseError | undefined;
  function nameOf(text: string): string | undefined {
    if (!prepared.has(text) && prepared.size < mostPrepared)
      prepared.set(text, `s${prepared.size}`);
    return prepared.get(text);
  }
  async function query(text: string, values: unknown[]): Promise<pg.QueryResult> {
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
  const release = (destroy = false): void => client.release(destroy || lost !== undefined);
  return new Proxy(client, {
    get: (target, property) =>
      property === 'query'
        ? query
        : property === 'release'
          ? release
          : Reflect.get(target, property),
  });
}
