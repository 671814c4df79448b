import { Code, type ConnectError, type Interceptor } from '@connectrpc/connect';
import type { FastifyBaseLogger } from 'fastify';
import type { Failure, StatingError } from '../http/index.ts';
import { currentDeadline, requireTimeLeft } from '../resilience/index.ts';
import { grpcErrorOf } from './errors.ts';

/**
 * Answers by the caller's deadline, even where the work for it does not look at it, begins nothing after
 * it, and turns whatever the work throws into a status of gRPC.
 */
export function answerInTime(
  log: FastifyBaseLogger,
  failureOf: (error: StatingError) => Failure,
): Interceptor {
  return (next) => async (request) => {
    try {
      requireTimeLeft();
      return await untilAborted(next(request), currentDeadline()?.signal);
    } catch (thrown) {
      const error = grpcErrorOf(thrown, failureOf);
      const reqId = request.header.get('x-request-id');
      if (isOurs(error)) log.error({ err: thrown, reqId }, 'call failed');
      throw error;
    }
  };
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

function isOurs({ code }: ConnectError): boolean {
  return [Code.Internal, Code.Unknown, Code.Unavailable, Code.DeadlineExceeded].includes(code);
}
