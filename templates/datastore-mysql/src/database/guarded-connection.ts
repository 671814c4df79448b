import type { MysqlPoolConnection, MysqlQueryResult } from 'kysely';
import type { PoolConnection } from 'mysql2';
import { type DatabaseError, endsConnection } from './database-error.ts';
import { databaseError } from './driver-error.ts';

/** How much longer than a statement may take its answer is waited for, in milliseconds. */
const graceMs = 2000;

/** What Kysely is given, and does not look at, where it has given a callback. */
const nothing = {
  stream: (): never => {
    throw new Error('there is nothing to stream');
  },
};

/** Stands beside the error where a callback wants a connection. */
export const noConnection: MysqlPoolConnection = {
  config: {},
  threadId: 0,
  connect: () => undefined,
  destroy: () => undefined,
  query: () => nothing,
  release: () => undefined,
};

/**
 * A connection from the pool as Kysely uses it. It is given up once it broke or fell silent, instead of
 * being lent out again. After a deadlock, with which the server has already ended the transaction, it
 * takes nothing but the rollback: what came then would be committed by itself.
 *
 * @param statementTimeout milliseconds that the server lets a statement take; 0 is for ever.
 */
export function guarded(
  connection: PoolConnection,
  statementTimeout: number,
  onReturn: () => void,
): MysqlPoolConnection {
  const limit = statementTimeout > 0 ? { timeout: statementTimeout + graceMs } : {};
  let refusal: DatabaseError | undefined;
  /** Notes what the failure means for the connection, and wraps it. */
  function wrapped(error: Error, statement: string): DatabaseError {
    // The driver has put the values into it.
    Object.assign(error, { sql: statement });
    const failure = databaseError(error);
    if (failure.kind === 'deadlock' || endsConnection(failure)) refusal = failure;
    if (endsConnection(failure)) connection.destroy();
    return failure;
  }
  return {
    config: connection.config,
    threadId: connection.threadId ?? 0,
    connect: () => undefined,
    destroy: () => connection.destroy(),
    query(statement, parameters, callback) {
      const query = { sql: statement, values: parameters, ...limit };
      if (callback === undefined) return connection.query(query);
      if (refusal !== undefined && statement !== 'rollback') {
        callback(refusal, []);
        return nothing;
      }
      return connection.query<never>(query, (error: Error | null, result: MysqlQueryResult) =>
        callback(error === null ? undefined : wrapped(error, statement), result),
      );
    },
    release() {
      refusal = undefined;
      onReturn();
      connection.release();
    },
  };
}
