import { type Failure, pauseSeconds, type StatingError, statedFailure } from 'service-chassis/http';
import { isTemporary } from '../database/failure.ts';
import { VersionConflictError } from '../database/version-conflict.ts';

/** What an error means to the caller: an error of the database cannot say so itself. */
export function failureOf(error: StatingError): Failure {
  if (error instanceof VersionConflictError) return { status: 409 };
  if (isTemporary(error)) return { status: 503, retryAfter: pauseSeconds };
  return statedFailure(error);
}
