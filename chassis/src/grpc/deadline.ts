import { Code, ConnectError } from '@connectrpc/connect';
import { DeadlineExceededError, runUntil } from '../resilience/index.ts';
import type { Listener } from './server.ts';

const longestTimer = 2 ** 31 - 1;

/** Milliseconds in a unit of `grpc-timeout`. */
const units: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/**
 * Keeps to the deadline that a caller sends along, and to its giving up: what is being done for it
 * stops, as in `http/deadlines.ts`.
 */
export function observeDeadline(answer: Listener): Listener {
  return (request, response) => {
    const stop = new AbortController();
    const limit = millisecondsOf(request.headers['grpc-timeout']);
    // Not a limit that a timer could keep, nor one that anybody means.
    if (limit !== undefined && limit > longestTimer) delete request.headers['grpc-timeout'];
    const kept = limit !== undefined && limit <= longestTimer ? limit : undefined;
    const timer =
      kept === undefined
        ? undefined
        : setTimeout(() => stop.abort(new DeadlineExceededError()), kept);
    request.once('aborted', () => stop.abort(new ConnectError('given up', Code.Canceled)));
    response.once('close', () => clearTimeout(timer));
    const at = kept === undefined ? Number.POSITIVE_INFINITY : performance.now() + kept;
    runUntil({ at, signal: stop.signal }, () => answer(request, response));
  };
}

/** What is no timeout is refused further in. */
function millisecondsOf(timeout: string | string[] | undefined): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(String(timeout)) ?? [];
  return amount === undefined ? undefined : Number(amount) * (units[unit] ?? 1);
}
