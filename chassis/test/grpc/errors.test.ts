import { Code, ConnectError } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { BadRequestSchema, RetryInfoSchema } from '../../src/grpc/index.ts';
import { HttpError, statedFailure } from '../../src/http/index.ts';
import { openCall, serviceName, startGrpc, statusOf } from './grpc.ts';

async function errorOf(call: Promise<unknown>): Promise<ConnectError> {
  return ConnectError.from(
    await call.then(
      () => 'no error',
      (error: unknown) => error,
    ),
  );
}

/** What a caller is told when the work for it throws that. */
async function errorWhen(thrown: unknown, failureOf = statedFailure): Promise<ConnectError> {
  const find = (): Promise<never> => Promise.reject(thrown);
  const { service } = await startGrpc({ find, failureOf });
  return errorOf(service.find({ name: 'a' }));
}

test('what is not valid is INVALID_ARGUMENT, with the fields that are wrong as the proto calls them', async () => {
  const { service } = await startGrpc();
  const error = await errorOf(service.keep({}));
  expect(error.code).toBe(Code.InvalidArgument);
  const [details] = error.findDetails(BadRequestSchema);
  expect(details?.fieldViolations.map(({ field }) => field)).toEqual(['thing_name']);
});

test.each([
  [400, Code.InvalidArgument],
  [401, Code.Unauthenticated],
  [403, Code.PermissionDenied],
  [404, Code.NotFound],
  [409, Code.Aborted],
  [412, Code.Aborted],
  [422, Code.FailedPrecondition],
  [429, Code.ResourceExhausted],
  [502, Code.Unavailable],
  [504, Code.DeadlineExceeded],
])('what is %s to a caller of the REST API has its code over gRPC', async (status, code) => {
  const error = await errorWhen(new HttpError(status, 'said'));
  expect(error.code).toBe(code);
  expect(error.rawMessage === 'said').toBe(status < 500);
});

test('what the service says of its own errors holds over gRPC, too', async () => {
  const away = new Error('secret address');
  const error = await errorWhen(away, (thrown) =>
    thrown === away ? { status: 503, retryAfter: 7 } : statedFailure(thrown),
  );
  expect(error).toMatchObject({ code: Code.Unavailable, rawMessage: 'Service Unavailable' });
  expect(error.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds).toBe(7n);
});

test('what cannot be done for the moment is UNAVAILABLE, and says when to ask again', async () => {
  const away = Object.assign(new Error('secret address'), { statusCode: 503, retryAfterMs: 2500 });
  const error = await errorWhen(away);
  expect(error).toMatchObject({ code: Code.Unavailable, rawMessage: 'Service Unavailable' });
  expect(error.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds).toBe(3n);
});

test.each([
  ['an error', new Error('secret address')],
  ['what is no error', 'secret address'],
])('%s of the service itself is INTERNAL, and tells nothing of it', async (_name, thrown) => {
  const error = await errorWhen(thrown);
  expect(error).toMatchObject({ code: Code.Internal, rawMessage: 'Internal Server Error' });
});

test('a message that is too large is RESOURCE_EXHAUSTED', async () => {
  const { service } = await startGrpc();
  const error = await errorOf(service.keep({ thingName: 'x'.repeat(2_000_000) }));
  expect(error.code).toBe(Code.ResourceExhausted);
});

test('a method that there is not is UNIMPLEMENTED; another protocol is refused', async () => {
  const { origin } = await startGrpc();
  const unknown = await openCall(origin, `/${serviceName}/Nothing`);
  unknown.end();
  expect((await statusOf(unknown))['grpc-status']).toBe('12');
  const json = { 'content-type': 'application/json' };
  const other = await openCall(origin, `/${serviceName}/Find`, json);
  other.end('{}');
  expect((await statusOf(other))[':status']).toBe(415);
});
