import type { Fault } from '../events/index.ts';
import { kindOf as databaseKindOf } from './database-error.ts';
import { type FailureKind, isOutage } from './failure.ts';

/**
 * Finds out whose fault a handler's error was. An outage may have hidden behind another error, such as
 * a timeout, so the database is asked.
 *
 * @param ping rejects when the database cannot be used.
 * @param kindOf of an adapter whose driver's errors are not wrapped as `DatabaseError`.
 */
export async function whoseFault(
  error: unknown,
  ping: () => Promise<void>,
  kindOf: (error: unknown) => FailureKind | undefined = databaseKindOf,
): Promise<Fault> {
  const kind = kindOf(error);
  if (kind === 'pool') return 'no-connection';
  if (isOutage(kind)) return 'outage';
  return ping().then(
    () => 'attempt',
    (failure: unknown) => (isOutage(kindOf(failure)) ? 'outage' : 'attempt'),
  );
}
