import { DeadlineExceededError } from './deadline.ts';
import { UnavailableError } from './rejection.ts';

/**
 * Does without a dependency that is down, in the way that the caller states. A policy never does so
 * by itself: whether an old price is better than none is for the business to say.
 *
 * @param instead is called when the policy rejected the call or the dependency failed; a refusal
 *   (such as 404) is an answer, and is thrown, as is whatever the caller itself gave up. What it throws
 *   has the error of the dependency as its cause.
 */
export async function withFallback<T>(
  call: Promise<T>,
  isFailure: (error: Error) => boolean,
  instead: (error: Error) => T | Promise<T>,
): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Error) || error instanceof DeadlineExceededError) throw error;
    if (!(error instanceof UnavailableError || isFailure(error))) throw error;
    try {
      return await instead(error);
    } catch (thrown) {
      throw causedBy(thrown, error);
    }
  }
}

/** Puts the error of the dependency at the end of the chain of causes, unless it is in there. */
function causedBy(thrown: unknown, error: Error): unknown {
  let last = thrown;
  while (last instanceof Error && last !== error && last.cause !== undefined) last = last.cause;
  if (last instanceof Error && last !== error) last.cause = error;
  return thrown;
}
