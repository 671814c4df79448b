import { Code, ConnectError } from '@connectrpc/connect';
import { BadRequestSchema } from 'service-chassis/grpc';
import { expect, test } from 'vitest';
import * as api from '../../src/grpc/gen/__service_snake__/v1/__service_snake___pb.ts';
import { startGrpc } from '../support/grpc.ts';

const { OPEN, CLOSED } = api.__Aggregate___Status;
const path = '/__service__';
const nobody = '018f0000-0000-7000-8000-000000000000';

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
