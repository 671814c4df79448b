import type { FailureKind } from './database-error.ts';
import { kindOf } from './failure-kind.ts';

/** No work of any kind can be done, until somebody mends it. */
const outages = new Set<FailureKind>([
  ...(['connection', 'unavailable', 'read-only', 'disk-full', 'out-of-resources'] as const),
  'in-use',
]);

/** Others were in the way: the same may succeed a moment later. */
const inTheWay = new Set<FailureKind>([
  ...(['pool', 'killed', 'statement-timeout', 'lock-timeout', 'deadlock'] as const),
  'serialization',
]);

/** Whether the service's own database is lost, or takes no work. */
export function isOutage(error: unknown): boolean {
  return isOf(outages, error);
}

/** Whether the same work may succeed later; over HTTP that is 503. */
export function isTemporary(error: unknown): boolean {
  return isOf(outages, error) || isOf(inTheWay, error);
}

function isOf(kinds: ReadonlySet<FailureKind>, error: unknown): boolean {
  const kind = kindOf(error);
  return kind !== undefined && kinds.has(kind);
}
