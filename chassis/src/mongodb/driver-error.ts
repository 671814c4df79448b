import {
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import { DatabaseError, type FailureKind } from '../store/index.ts';

const noConnection = [
  MongoNetworkError,
  MongoServerSelectionError,
  MongoNotConnectedError,
  MongoTopologyClosedError,
];

/** Codes of the server (`src/mongo/base/error_codes.yml`; manual, "Error Codes"). */
const kinds: ReadonlyMap<unknown, FailureKind> = new Map([
  // Hosts that cannot be reached or found, timeouts and breaks of the network among the servers.
  ...codes('connection', 6, 7, 89, 9001),
  // Shuts down, steps down; no word of a majority; no server that suits.
  ...codes('unavailable', 64, 91, 100, 133, 134, 189, 11600, 11602),
  // NotWritablePrimary and its kin; writes that are blocked by an operator.
  ...codes('read-only', 10058, 10107, 13435, 13436, 371),
  // OutOfDiskSpace.
  ...codes('disk-full', 14031),
  // ExceededMemoryLimit, TooManyLogicalSessions, and a server that sheds load.
  ...codes('out-of-resources', 146, 261, 462),
  // Interrupted, CursorKilled.
  ...codes('killed', 11601, 237),
  // MaxTimeMSExpired, ExceededTimeLimit.
  ...codes('statement-timeout', 50, 262),
  // LockTimeout, LockBusy.
  ...codes('lock-timeout', 24, 46),
  // WriteConflict.
  ...codes('serialization', 112),
  // A unique key is taken, or a document does not fit its collection's validator.
  ...codes('constraint', 121, 11000),
]);

/** Runs work on the database. @throws DatabaseError for what the driver throws. */
export async function withDatabaseErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const kind = kindOf(error);
    if (kind === undefined || error instanceof DatabaseError) throw error;
    throw new DatabaseError(kind, error instanceof Error ? error.message : String(error), error);
  }
}

/**
 * Why work on the database failed, or nothing for an error that is not the database's: the driver's have
 * classes of their own.
 */
export function kindOf(error: unknown): FailureKind | undefined {
  if (error instanceof DatabaseError) return error.kind;
  // A command that took too long may be to blame itself.
  if (error instanceof MongoNetworkTimeoutError) return 'statement-timeout';
  if (noConnection.some((kind) => error instanceof kind)) return 'connection';
  // The driver has no code for it, and does not export the class.
  if (error instanceof Error && error.name === 'MongoWaitQueueTimeoutError') return 'pool';
  if (!(error instanceof MongoServerError)) return undefined;
  return kinds.get(error.code) ?? 'other';
}

function codes(kind: FailureKind, ...numbers: number[]): (readonly [unknown, FailureKind])[] {
  return numbers.map((code) => [code, kind]);
}
