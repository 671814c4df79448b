import { Code, ConnectError } from '@connectrpc/connect';
import { TimeoutError, type Verdict } from '../resilience/index.ts';
import { RetryInfoSchema } from './gen/google/rpc/error_details_pb.ts';

/** Codes by which the other side says that it has failed. All others are its answers. */
const failures = new Set([
  ...[Code.Unavailable, Code.ResourceExhausted, Code.DeadlineExceeded],
  ...[Code.Internal, Code.Unknown, Code.DataLoss],
]);

/** Milliseconds: nobody waits longer than a day, whatever the other side asks for. */
const longestPause = 86_400_000;

/** A call ended with another status than OK, or without one. */
export class GrpcUpstreamError extends Error {
  override readonly name = 'GrpcUpstreamError';
  readonly code: Code;
  /** Whether it counts against the other side, and may be tried again. */
  readonly isFailure: boolean;
  /** What it means to a caller of this service, unless a route says something else. */
  readonly statusCode: number;
  /** How long the other side asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(what: string, cause: ConnectError, isFailure: boolean) {
    super(`${what} was answered with ${Code[cause.code]}: ${cause.rawMessage}`, { cause });
    this.code = cause.code;
    this.isFailure = isFailure;
    const isBusy = cause.code === Code.ResourceExhausted && cause.metadata.has('grpc-status');
    this.statusCode = isBusy || cause.code === Code.Unavailable ? 503 : 502;
    this.retryAfterMs = retryAfterOf(cause);
  }
}

/** What counts against the other side, and may be tried again. */
export function isGrpcFailure(error: Error): boolean {
  return error instanceof TimeoutError || (error instanceof GrpcUpstreamError && error.isFailure);
}

/** What an error of a call says of the other side. */
export function judgeGrpc(error: Error): Verdict {
  if (isGrpcFailure(error)) return 'failure';
  return error instanceof GrpcUpstreamError ? 'answer' : 'nothing';
}

/**
 * What an attempt threw, as an error of the other side.
 *
 * @param milliseconds that the attempt was given.
 */
export function upstreamErrorOf(error: unknown, what: string, milliseconds: number): Error {
  const cause = ConnectError.from(error);
  if (isLocal(cause)) return cause;
  // That its time was up may be said by either side first.
  if (cause.code === Code.DeadlineExceeded) return new TimeoutError(milliseconds);
  return new GrpcUpstreamError(what, cause, countsAgainst(cause));
}

/** Without a status from the other side, it is the connection or the answer that failed, whatever the code. */
function countsAgainst({ code, metadata }: ConnectError): boolean {
  return !metadata.has('grpc-status') || failures.has(code);
}

/** Whether nothing was sent: the message or its metadata cannot be written. */
function isLocal({ metadata, cause }: ConnectError): boolean {
  return (
    !metadata.has('grpc-status') && (cause instanceof TypeError || cause instanceof RangeError)
  );
}

function retryAfterOf(error: ConnectError): number | undefined {
  const [delay] = error.findDetails(RetryInfoSchema).flatMap(({ retryDelay }) => retryDelay ?? []);
  if (delay === undefined) return undefined;
  return Math.min(Math.max(0, Number(delay.seconds) * 1000 + delay.nanos / 1e6), longestPause);
}
