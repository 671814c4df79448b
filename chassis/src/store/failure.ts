/** Why work on the database failed; each datastore's adapter knows its driver's codes of each. */
export type FailureKind =
  /** The connection could not be made, broke, or fell silent. */
  | 'connection'
  /** The server starts, stops, or has left its cluster. */
  | 'unavailable'
  /** The server takes no writes: a standby, a former primary, or one that is set so. */
  | 'read-only'
  /** The server has no disk space left. */
  | 'disk-full'
  /** The server has no memory, connection or other resource left. */
  | 'out-of-resources'
  /** What the work needs is not in the state for it, as while others change its definition. */
  | 'in-use'
  /** None of the service's own connections was free in time. */
  | 'pool'
  /** Somebody ended the session or the statement. */
  | 'killed'
  /** The transaction was open, or idle, for longer than the server allows. */
  | 'transaction-timeout'
  | 'statement-timeout'
  | 'lock-timeout'
  /** Others and this work waited for each other, and the server undid this. */
  | 'deadlock'
  /** Others changed what this work had read, and the server undid this. */
  | 'serialization'
  | 'constraint'
  | 'other';

/** No work of any kind can be done, until somebody mends it. */
const outages = new Set<FailureKind | undefined>([
  ...(['connection', 'unavailable', 'read-only', 'disk-full', 'out-of-resources'] as const),
  'in-use',
]);

/** Others were in the way: the same may succeed a moment later. */
const inTheWay = new Set<FailureKind | undefined>([
  ...(['pool', 'killed', 'statement-timeout', 'lock-timeout', 'deadlock'] as const),
  'serialization',
]);

/** Whether the database is lost, or takes no work. @param kind of the error, by `kindOf`. */
export function isOutage(kind: FailureKind | undefined): boolean {
  return outages.has(kind);
}

/** Whether the same work may succeed later; over HTTP that is 503. @param kind of the error, by `kindOf`. */
export function isTemporary(kind: FailureKind | undefined): boolean {
  return outages.has(kind) || inTheWay.has(kind);
}
