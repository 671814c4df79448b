import { type Failure, type StatingError, statedFailure } from 'service-chassis/http';

/**
 * What an error means to the caller. Errors of the database and of other services state it themselves; those of
 * the domain are named here.
 */
export function failureOf(error: StatingError): Failure {
  return statedFailure(error);
}
