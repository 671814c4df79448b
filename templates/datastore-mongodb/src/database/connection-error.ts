import { kindOf } from './failure-kind.ts';

/** Whether work failed because the database could not be reached, whatever the work was. */
export function isConnectionError(error: unknown): boolean {
  const kind = kindOf(error);
  return kind === 'connection' || kind === 'pool';
}
