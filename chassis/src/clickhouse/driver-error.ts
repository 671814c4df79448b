import { ClickHouseError } from '@clickhouse/client';
import { DatabaseError, type FailureKind } from '../store/index.ts';

/** The system's codes of a connection that could not be made or broke. */
const systemCodes =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;

/** ClickHouse's codes (`src/Common/ErrorCodes.cpp`, `system.errors`). */
const kinds: ReadonlyMap<string, FailureKind> = new Map([
  // SOCKET_TIMEOUT, NETWORK_ERROR, ALL_CONNECTION_TRIES_FAILED: between the servers of a cluster.
  ...codes('connection', 209, 210, 279),
  // NO_ZOOKEEPER, ABORTED, too few replicas or an unfinished quorum, KEEPER_EXCEPTION.
  ...codes('unavailable', 225, 236, 285, 286, 289, 999),
  // READONLY, TABLE_IS_READ_ONLY.
  ...codes('read-only', 164, 242),
  // NOT_ENOUGH_SPACE.
  ...codes('disk-full', 243),
  // QUOTA_EXCEEDED, TOO_MANY_SIMULTANEOUS_QUERIES, MEMORY_LIMIT_EXCEEDED, TOO_MANY_PARTS, SERVER_OVERLOADED.
  ...codes('out-of-resources', 201, 202, 241, 252, 745),
  // QUERY_WAS_CANCELLED.
  ...codes('killed', 394),
  // TIMEOUT_EXCEEDED, TOO_SLOW.
  ...codes('statement-timeout', 159, 160),
  // DEADLOCK_AVOIDED: a lock on the table was not had in time.
  ...codes('lock-timeout', 473),
  // VIOLATED_CONSTRAINT.
  ...codes('constraint', 469),
]);

/** Wraps what the client threw. */
export function databaseError(error: unknown): DatabaseError {
  const message = error instanceof Error ? error.message : String(error);
  return new DatabaseError(kindOfClient(error), message, error);
}

function kindOfClient(error: unknown): FailureKind {
  if (!(error instanceof Error)) return 'other';
  if (error instanceof ClickHouseError) {
    // What could not be written says so in its text only.
    if (/No space left/i.test(error.message)) return 'disk-full';
    return kinds.get(error.code) ?? 'other';
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const isLost = systemCodes.test(code) || /^Timeout error|^socket hang up/.test(error.message);
  return isLost ? 'connection' : 'other';
}

function codes(kind: FailureKind, ...numbers: number[]): (readonly [string, FailureKind])[] {
  return numbers.map((code) => [String(code), kind]);
}
