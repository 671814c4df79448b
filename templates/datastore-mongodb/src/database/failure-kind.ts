import {
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';

/** Why work on the database failed; `pool`: no connection was free in time. */
export type FailureKind = 'connection' | 'pool' | 'timeout' | 'constraint' | 'other';

const noConnection = [
  MongoNetworkError,
  MongoServerSelectionError,
  MongoNotConnectedError,
  MongoTopologyClosedError,
];

/** What a server says that stops, is no primary (any more), is full, or gets no word of a majority. */
const outageCodes = new Set<unknown>([
  6, 7, 64, 89, 91, 189, 9001, 10058, 10107, 11600, 11602, 13435, 13436, 14031,
]);
const timeoutCodes = new Set<unknown>([50, 262]);
/** A unique key is taken, or a document does not fit its collection's validator. */
const constraintCodes = new Set<unknown>([121, 11000]);

export function kindOf(error: unknown): FailureKind {
  // A command that took too long may be to blame itself.
  if (error instanceof MongoNetworkTimeoutError) return 'timeout';
  if (noConnection.some((kind) => error instanceof kind)) return 'connection';
  // The driver has no code for it, and does not export the class.
  if (error instanceof Error && error.name === 'MongoWaitQueueTimeoutError') return 'pool';
  if (!(error instanceof MongoServerError)) return 'other';
  if (outageCodes.has(error.code)) return 'connection';
  if (timeoutCodes.has(error.code)) return 'timeout';
  return constraintCodes.has(error.code) ? 'constraint' : 'other';
}
