import type { MysqlPoolConnection, MysqlQueryResult } from 'kysely';
import type { PoolConnection, QueryOptions } from 'mysql2';
import { Fence, idleTransactionLimit } from '../relational/index.ts';
import { DatabaseError, endsConnection } from '../store/index.ts';
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

/** What a guarded connection tells the pool. */
interface Listener {
  /** It was closed while a statement was under way, which the server should give up. */
  onCut(): void;
  onReturn(): void;
}

/**
 * A connection from the pool as Kysely uses it, behind a fence. It is given up once it broke or fell
 * silent, instead of being lent out again. After a deadlock, with which the server has already ended
 * the transaction, it takes nothing but the rollback: what came then would be committed by itself.
 *
 * @param statementTimeout milliseconds that the server lets a statement take; 0 is for ever.
 */
export function guarded(
  connection: PoolConnection,
  statementTimeout: number,
  { onCut, onReturn }: Listener,
): MysqlPoolConnection {
  const limit = statementTimeout > 0 ? { timeout: statementTimeout + graceMs } : {};
  let refusal: DatabaseError | undefined;
  let isLost = false;
  /** When the last statement of whoever has the connection now was answered. */
  let answeredAt: number | undefined;
  /** Statements that wait for their answers; the driver forgets them with a connection that is closed. */
  const waiting = new Set<(why: DatabaseError) => void>();
  const fence = new Fence(() => {
    connection.destroy();
    onCut();
  });
  /** Notes what the failure means for the connection, and wraps it. */
  function wrapped(error: Error, statement: string, waitedMs: number): DatabaseError {
    // The driver has put the values into it.
    Object.assign(error, { sql: statement });
    const failure = isTooLate(error, waitedMs) ? transactionTimeout(error) : databaseError(error);
    isLost = endsConnection(failure);
    if (failure.kind === 'deadlock' || isLost) refusal = failure;
    if (isLost) {
      connection.destroy();
      for (const fail of waiting) fail(failure);
    }
    return failure;
  }
  /**
   * The server does not say why it has closed a connection; that its transaction had waited for so long when the
   * statement was sent is why.
   */
  function isTooLate(error: Error, waitedMs: number): boolean {
    const limit = idleTransactionLimit({ statementTimeout });
    return limit > 0 && waitedMs >= limit && databaseError(error).kind === 'connection';
  }
  function send(statement: string, values: QueryOptions['values']): Promise<MysqlQueryResult> {
    // The server undoes what a lost connection has not committed.
    if (isLost && statement === 'rollback') return Promise.resolve([]);
    if (refusal !== undefined && statement !== 'rollback') return Promise.reject(refusal);
    const waitedMs = answeredAt === undefined ? 0 : performance.now() - answeredAt;
    return new Promise((resolve, reject) => {
      const query = { sql: statement, values, ...limit };
      const fail = (why: DatabaseError): void => {
        if (isLost && statement === 'rollback') resolve([]);
        else reject(why);
      };
      waiting.add(fail);
      connection.query<never>(query, (error: Error | null, result: MysqlQueryResult) => {
        waiting.delete(fail);
        if (error === null) {
          answeredAt = performance.now();
          resolve(result);
        } else fail(wrapped(error, statement, waitedMs));
      });
    });
  }
  return {
    config: connection.config,
    threadId: connection.threadId ?? 0,
    connect: () => undefined,
    destroy: () => connection.destroy(),
    query(statement, parameters, callback) {
      if (callback === undefined) {
        const leave = fence.enter(() => undefined);
        return connection
          .query({ sql: statement, values: parameters, ...limit })
          .once('end', leave);
      }
      fence
        .pass(statement, () => send(statement, parameters))
        .then(
          (result = []) => callback(undefined, result),
          (error) => callback(error, []),
        );
      return nothing;
    },
    release() {
      refusal = undefined;
      answeredAt = undefined;
      fence.reopen();
      onReturn();
      connection.release();
    },
  };
}

function transactionTimeout(error: Error): DatabaseError {
  const message = 'the server has ended a transaction that waited for the service for too long';
  return new DatabaseError('transaction-timeout', message, error);
}
