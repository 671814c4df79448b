import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';

/** The service must not start as it is, and no waiting mends that: the process ends. */
export class CannotStartError extends Error {
  override readonly name = 'CannotStartError';
}

const longestPauseMs = 5000;

/**
 * Tries a part's start until it works or the signal aborts, with growing pauses. A dependency that is
 * down when the service starts is an ordinary event: the service waits for it, not ready.
 *
 * @throws CannotStartError when the part says so.
 */
export async function untilItWorks(
  name: string,
  start: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
  log: FastifyBaseLogger,
): Promise<void> {
  for (let pause = 100; !signal.aborted; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      await start(signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof CannotStartError) throw error;
      log.warn({ err: error, retryInMs: pause }, `${name} is not available yet`);
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
