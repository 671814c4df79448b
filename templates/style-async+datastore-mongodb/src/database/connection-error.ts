import {
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';

/** What a server says that stops, is no primary (any more), or could not confirm with a majority. */
const outageCodes = new Set<unknown>([
  6, 7, 64, 89, 91, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436, 14031,
]);

const outages = [
  MongoNetworkError,
  MongoServerSelectionError,
  MongoNotConnectedError,
  MongoTopologyClosedError,
];

/** Whether work failed because its connection to MongoDB did, whatever the work was. */
export function isConnectionError(error: unknown): boolean {
  // A command that took too long may be to blame itself.
  if (error instanceof MongoNetworkTimeoutError) return false;
  if (outages.some((outage) => error instanceof outage)) return true;
  if (error instanceof MongoServerError) return outageCodes.has(error.code);
  // All connections are in use and none came free: this is the driver's word for it, without a code.
  return error instanceof Error && error.name === 'MongoWaitQueueTimeoutError';
}
