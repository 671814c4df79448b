import { DeadlineExceededError } from './deadline.ts';
import { UnavailableError } from './rejection.ts';
import type { IsFailure } from './retries.ts';

/**
 * Does without a dependency that is down, in the way that the caller states. A policy never does so
 * by itself: whether an old price is better than none is for the business to say.
 *
 * @param instead is called when the policy rejected the call or the dependency failed; a refusal
 *   (such as 404) is an answer, and is thrown, as is whatever the caller itself gave up.
 */
export async function withFallback<T>(
  call: Promise<T>,
  isFailure: IsFailure,
  instead: (error: Error) => T | Promise<T>,
): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Error) || error instanceof DeadlineExceededError) throw error;
    if (error instanceof UnavailableError || isFailure(error)) return instead(error);
    throw error;
  }
}
