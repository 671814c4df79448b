import { Code, ConnectError } from '@connectrpc/connect';
import { afterEach, expect, test, vi } from 'vitest';
import { Repository } from '../../src/database/repository.ts';
import * as api from '../../src/grpc/gen/__service_snake__/v1/__service_snake___pb.ts';
import {
  BadRequestSchema,
  RetryInfoSchema,
} from '../../src/grpc/gen/google/rpc/error_details_pb.ts';
import { openCall, serviceName, startGrpc, statusOf } from '../support/grpc.ts';

const { OPEN, CLOSED } = api.__Aggregate___Status;
const path = '/__service__';
const nobody = '018f0000-0000-7000-8000-000000000000';

afterEach(() => {
  vi.restoreAllMocks();
});

async function errorOf(call: Promise<unknown>): Promise<ConnectError> {
  return ConnectError.from(
    await call.then(
      () => 'no error',
      (error: unknown) => error,
    ),
  );
}

async function startWithOne(reference = 'A-1') {
  const started = await startGrpc();
  const { created } = await started.service.create({ reference });
  if (created === undefined) throw new Error('nothing created');
  return { ...started, created };
}

test('creates, reads, changes and deletes over gRPC what the REST API shows as well', async () => {
  const { app, service, created } = await startWithOne();
  expect(created).toMatchObject({ reference: 'A-1', status: OPEN, version: 1 });
  const { id } = created;
  expect((await service.get({ id })).found).toEqual(created);
  expect((await app.inject(`${path}/${id}`)).json()).toMatchObject({ id, reference: 'A-1' });
  const change = { id, version: 1, reference: 'A-2', status: CLOSED };
  const { updated } = await service.update(change);
  expect(updated).toMatchObject({ reference: 'A-2', status: CLOSED, version: 2 });
  await service.delete({ id, version: 2 });
  expect((await app.inject(`${path}/${id}`)).statusCode).toBe(404);
});

test('lists page by page over gRPC, oldest first, each exactly once', async () => {
  const { service } = await startGrpc();
  const references = ['p-1', 'p-2', 'p-3', 'p-4', 'p-5'];
  for (const reference of references) await service.create({ reference });
  const seen: string[] = [];
  let pageToken = '';
  do {
    const page = await service.list({ pageSize: 2, pageToken });
    seen.push(...page.items.map(({ reference }) => reference));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  expect(seen).toEqual(references);
});

test('what is not valid is INVALID_ARGUMENT, with every field that is wrong', async () => {
  const { service } = await startGrpc();
  const wrong: [() => Promise<unknown>, string[]][] = [
    [() => service.create({ reference: ' ' }), ['reference']],
    [
      () => service.create({ reference: 'x' }, { headers: { 'idempotency-key': 'two words' } }),
      ['idempotency-key'],
    ],
    [() => service.get({ id: 'no-uuid' }), ['id']],
    [() => service.list({ pageSize: 101, pageToken: 'no-uuid' }), ['page_size', 'page_token']],
    [() => service.update({ id: nobody, reference: 'x' }), ['status', 'version']],
    [() => service.delete({ id: nobody, version: -1 }), ['version']],
  ];
  for (const [call, fields] of wrong) {
    const error = await errorOf(call());
    expect(error.code).toBe(Code.InvalidArgument);
    const [details] = error.findDetails(BadRequestSchema);
    expect(details?.fieldViolations.map(({ field }) => field).sort()).toEqual(fields);
  }
});

test('an id that there is not is NOT_FOUND', async () => {
  const { service } = await startGrpc();
  const seen = { id: nobody, version: 1 };
  const change = { ...seen, reference: 'x', status: OPEN };
  expect((await errorOf(service.get(seen))).code).toBe(Code.NotFound);
  expect((await errorOf(service.update(change))).code).toBe(Code.NotFound);
  expect((await errorOf(service.delete(seen))).code).toBe(Code.NotFound);
});

test('a write to another version than was seen is ABORTED, and changes nothing', async () => {
  const { service, created } = await startWithOne();
  const { id } = created;
  const change = { id, version: 1, reference: 'A-2', status: OPEN };
  await service.update(change);
  expect((await errorOf(service.update(change))).code).toBe(Code.Aborted);
  expect((await errorOf(service.delete({ id, version: 1 }))).code).toBe(Code.Aborted);
  expect((await service.get({ id })).found?.version).toBe(2);
});

test('a call that comes again under its key is answered as before, by REST too', async () => {
  const { app, service } = await startGrpc();
  const headers = { 'idempotency-key': 'k-1' };
  const first = await service.create({ reference: 'A-1' }, { headers });
  expect(await service.create({ reference: 'A-1' }, { headers })).toEqual(first);
  const payload = { reference: 'A-1' };
  const request = { method: 'POST', url: path, headers, payload } as const;
  expect((await app.inject(request)).json().id).toBe(first.created?.id);
  const other = await errorOf(service.create({ reference: 'A-2' }, { headers }));
  expect(other.code).toBe(Code.FailedPrecondition);
  expect((await service.list({})).items).toHaveLength(1);
});

test('what the service cannot do for the moment is UNAVAILABLE, and says when to ask again', async () => {
  const { service } = await startGrpc();
  const away = Object.assign(new Error('secret address'), { statusCode: 503, retryAfterMs: 2500 });
  vi.spyOn(Repository.prototype, 'find').mockRejectedValue(away);
  const error = await errorOf(service.get({ id: nobody }));
  expect(error).toMatchObject({ code: Code.Unavailable, rawMessage: 'Service Unavailable' });
  expect(error.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds).toBe(3n);
});

test("the service's own fault is INTERNAL, and tells nothing of it", async () => {
  const { service } = await startGrpc();
  vi.spyOn(Repository.prototype, 'find').mockRejectedValue(new Error('secret address'));
  const error = await errorOf(service.get({ id: nobody }));
  expect(error).toMatchObject({ code: Code.Internal, rawMessage: 'Internal Server Error' });
});

test('a message that is too large is RESOURCE_EXHAUSTED', async () => {
  const { service } = await startGrpc();
  const error = await errorOf(service.create({ reference: 'x'.repeat(2_000_000) }));
  expect(error.code).toBe(Code.ResourceExhausted);
});

test('a method that there is not is UNIMPLEMENTED; another protocol is refused', async () => {
  const { origin } = await startGrpc();
  const unknown = await openCall(origin, `/${serviceName}/Nothing`);
  unknown.end();
  expect((await statusOf(unknown))['grpc-status']).toBe('12');
  const json = { 'content-type': 'application/json' };
  const other = await openCall(origin, `/${serviceName}/Get`, json);
  other.end('{}');
  expect((await statusOf(other))[':status']).toBe(415);
});

test('calls are counted by method and code, and what there is not counts as one', async () => {
  const { app, origin, service } = await startGrpc();
  await service.list({});
  await errorOf(service.get({ id: nobody }));
  const unknown = await openCall(origin, '/made.Up/Method');
  unknown.end();
  await statusOf(unknown);
  const { body } = await app.inject('/metrics');
  const labels = `grpc_service="${serviceName}",grpc_method`;
  expect(body).toContain(`grpc_server_handled_total{${labels}="List",grpc_code="OK"} 1`);
  expect(body).toContain(`grpc_server_handled_total{${labels}="Get",grpc_code="NOT_FOUND"} 1`);
  expect(body).toContain(`grpc_server_handling_seconds_count{${labels}="List"} 1`);
  expect(body).toContain('grpc_method="unknown",grpc_code="UNIMPLEMENTED"} 1');
  expect(body).not.toContain('made.Up');
});
