import type { FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import { UpstreamConnectionError } from '../clients/index.ts';
import { canBeRepeated } from '../gateway/index.ts';
import { TimeoutError, UnavailableError } from '../resilience/index.ts';

/** Why the old side answered for the new one: it was not called, it failed, or it answered 5xx. */
export type FallbackReason = 'not_called' | 'failed' | 'error_answer';

/** Asks one side. */
type Ask = () => Promise<Dispatcher.ResponseData>;

/**
 * Asks the new side, and the old one in its stead where that does no harm. A request that was never
 * sent (the circuit is open, or all places are taken) can go to the old side whatever it is. One that
 * was sent may have taken effect: it goes there only if to repeat it is safe, whatever side does so.
 *
 * @param fellBack is told before the old side is asked.
 */
export async function askWithFallback(
  request: FastifyRequest,
  fresh: Ask,
  old: Ask,
  fellBack: (reason: FallbackReason) => void,
): Promise<Dispatcher.ResponseData> {
  const outcome = await fresh().catch((error: unknown) => ({ error }));
  const reason = reasonToFallBack(request, outcome);
  if (reason === undefined) {
    if ('error' in outcome) throw outcome.error;
    return outcome;
  }
  if ('body' in outcome) await outcome.body.dump();
  fellBack(reason);
  return old();
}

function reasonToFallBack(
  request: FastifyRequest,
  outcome: Dispatcher.ResponseData | { readonly error: unknown },
): FallbackReason | undefined {
  if (!('error' in outcome)) {
    return outcome.statusCode >= 500 && canBeRepeated(request) ? 'error_answer' : undefined;
  }
  const { error } = outcome;
  if (error instanceof UnavailableError) return 'not_called';
  // Anything else is the caller's: it has gone away, or its deadline has passed.
  const hasFailed = error instanceof TimeoutError || error instanceof UpstreamConnectionError;
  return hasFailed && canBeRepeated(request) ? 'failed' : undefined;
}
