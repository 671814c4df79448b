import { STATUS_CODES } from 'node:http';
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Failure, StatingError } from '../http/index.ts';
import { RetryInfoSchema } from './gen/google/rpc/error_details_pb.ts';

/** What the statuses of HTTP are in gRPC. */
const codes: Readonly<Record<number, Code>> = {
  400: Code.InvalidArgument,
  401: Code.Unauthenticated,
  403: Code.PermissionDenied,
  404: Code.NotFound,
  409: Code.Aborted,
  412: Code.Aborted,
  429: Code.ResourceExhausted,
  502: Code.Unavailable,
  503: Code.Unavailable,
  504: Code.DeadlineExceeded,
};

/**
 * What an error means to the caller: the same as to a caller of the REST API, in the words of gRPC.
 * Of an error of the service itself only that it happened.
 */
export function grpcErrorOf(
  thrown: unknown,
  failureOf: (error: StatingError) => Failure,
): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { status, retryAfter } = failureOf(error);
  const code = codes[status] ?? (status >= 500 ? Code.Internal : Code.FailedPrecondition);
  const message = status >= 500 ? (STATUS_CODES[status] ?? 'Error') : error.message;
  return new ConnectError(message, code, undefined, detailsOf(retryAfter), error);
}

/** @param retryAfter seconds. */
function detailsOf(retryAfter: number | undefined) {
  if (retryAfter === undefined) return [];
  const retryDelay = { seconds: BigInt(retryAfter), nanos: 0 };
  return [{ desc: RetryInfoSchema, value: create(RetryInfoSchema, { retryDelay }) }];
}
