import { toBinary, create } from '@bufbuild/protobuf';
import { currentDeadline } from 'service-chassis/resilience';
import { afterEach, expect, test, vi } from 'vitest';
import { Repository } from '../../src/database/repository.ts';
import * as api from '../../src/grpc/gen/__service_snake__/v1/__service_snake___pb.ts';
import { framed, openCall, serviceName, startGrpc, statusOf } from '../support/grpc.ts';

const id = '018f0000-0000-7000-8000-000000000000';
const path = `/${serviceName}`;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Lets reading take until it is told to stop, and tells whether it was. */
function readSlowly() {
  const work = { begun: false, stopped: false };
  vi.spyOn(Repository.prototype, 'find').mockImplementation(async () => {
    work.begun = true;
    currentDeadline()?.signal.addEventListener('abort', () => {
      work.stopped = true;
    });
    return new Promise(() => undefined);
  });
  return work;
}

test("at the caller's deadline the answer is DEADLINE_EXCEEDED, and work for it stops", async () => {
  const { origin } = await startGrpc();
  const work = readSlowly();
  const started = performance.now();
  const call = await openCall(origin, `${path}/Get`, { 'grpc-timeout': '100m' });
  call.end(framed(toBinary(api.GetRequestSchema, create(api.GetRequestSchema, { id }))));
  expect((await statusOf(call))['grpc-status']).toBe('4');
  expect(performance.now() - started).toBeLessThan(5000);
  expect(work.stopped).toBe(true);
});

test('a caller that cancels is not waited for: work for it stops', async () => {
  const { service } = await startGrpc();
  const work = readSlowly();
  const stop = new AbortController();
  const call = service.get({ id }, { signal: stop.signal });
  await expect.poll(() => work.begun).toBe(true);
  stop.abort();
  await expect(call).rejects.toThrow();
  await expect.poll(() => work.stopped).toBe(true);
});

test('a call whose time is up before it begins has no effect', async () => {
  const { origin, service } = await startGrpc();
  const call = await openCall(origin, `${path}/Create`, { 'grpc-timeout': '1n' });
  const message = create(api.CreateRequestSchema, { reference: 'late' });
  call.end(framed(toBinary(api.CreateRequestSchema, message)));
  expect((await statusOf(call))['grpc-status']).toBe('4');
  expect((await service.list({})).items).toEqual([]);
});

test('a timeout that is none is refused, and one beyond all measure is none', async () => {
  const { origin } = await startGrpc();
  const expected = { soon: '3', '-1S': '3', '5x': '3', '99999999H': '0' };
  for (const [timeout, status] of Object.entries(expected)) {
    const call = await openCall(origin, `${path}/List`, { 'grpc-timeout': timeout });
    call.end(framed(new Uint8Array()));
    expect([timeout, (await statusOf(call))['grpc-status']]).toEqual([timeout, status]);
  }
});
