import { Code, ConnectError } from '@connectrpc/connect';
import { RetryInfoSchema } from '../grpc/gen/google/rpc/error_details_pb.ts';
import { TimeoutError } from '../resilience/timeout.ts';

/** Codes by which the other side says that it has failed. All others are its answers. */
const failures = new Set([
  ...[Code.Unavailable, Code.ResourceExhausted, Code.DeadlineExceeded],
  ...[Code.Internal, Code.Unknown, Code.DataLoss],
]);

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
    const isBusy = [Code.Unavailable, Code.ResourceExhausted].includes(cause.code);
    this.statusCode = isBusy ? 503 : 502;
    this.retryAfterMs = retryAfterOf(cause);
  }
}

/** What counts against the other side, and may be tried again. */
export function isGrpcFailure(error: Error): boolean {
  return error instanceof TimeoutError || (error instanceof GrpcUpstreamError && error.isFailure);
}

/**
 * What an attempt threw, as an error of the other side.
 *
 * @param milliseconds that the attempt was given.
 */
export function upstreamErrorOf(error: unknown, what: string, milliseconds: number): Error {
  const cause = ConnectError.from(error);
  // That its time was up may be said by either side first.
  if (cause.code === Code.DeadlineExceeded) return new TimeoutError(milliseconds);
  return new GrpcUpstreamError(what, cause, countsAgainst(cause));
}

/**
 * Without a status from the other side, it is the connection that failed, whatever the code; except
 * for an answer that is too large to be read, which would be no smaller the next time.
 */
function countsAgainst({ code, metadata, rawMessage }: ConnectError): boolean {
  if (metadata.has('grpc-status')) return failures.has(code);
  return !(code === Code.ResourceExhausted && rawMessage.includes('larger than'));
}

function retryAfterOf(error: ConnectError): number | undefined {
  const [delay] = error.findDetails(RetryInfoSchema).flatMap(({ retryDelay }) => retryDelay ?? []);
  return delay && Math.max(0, Number(delay.seconds) * 1000 + delay.nanos / 1e6);
}
