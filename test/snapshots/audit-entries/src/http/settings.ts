import type { ServiceSettings } from 'service-chassis';
import { type Failure, pauseSeconds, type StatingError, statedFailure } from 'service-chassis/http';
import type { Config } from '../config.ts';
import { isTemporary } from '../database/failure.ts';
import { VersionConflictError } from '../database/version-conflict.ts';

/** How this service differs from the usual. */
export function settingsOf(_config: Config): ServiceSettings {
  return { failureOf };
}

/** What an error means to the caller: an error of the database cannot say so itself. */
export function failureOf(error: StatingError): Failure {
  if (error instanceof VersionConflictError) return { status: 409 };
  if (isTemporary(error)) return { status: 503, retryAfter: pauseSeconds };
  return statedFailure(error);
}
