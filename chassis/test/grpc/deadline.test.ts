import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { currentDeadline } from '../../src/resilience/index.ts';
import { FindRequestSchema, KeepRequestSchema } from './gen/things/v1/things_pb.ts';
import { framed, openCall, serviceName, startGrpc, statusOf } from './grpc.ts';

const path = `/${serviceName}`;
const question = framed(toBinary(FindRequestSchema, create(FindRequestSchema, { name: 'a' })));

/** What takes until it is told to stop, and tells whether it was. */
function slowWork() {
  const work = { begun: false, stopped: false };
  const find = (): Promise<never> => {
    work.begun = true;
    currentDeadline()?.signal.addEventListener('abort', () => {
      work.stopped = true;
    });
    return new Promise(() => undefined);
  };
  return { work, find };
}

test("at the caller's deadline the answer is DEADLINE_EXCEEDED, and work for it stops", async () => {
  const { work, find } = slowWork();
  const { origin } = await startGrpc({ find });
  const started = performance.now();
  const call = await openCall(origin, `${path}/Find`, { 'grpc-timeout': '100m' });
  call.end(question);
  expect((await statusOf(call))['grpc-status']).toBe('4');
  expect(performance.now() - started).toBeLessThan(5000);
  expect(work.stopped).toBe(true);
});

test('a caller that cancels is not waited for: work for it stops', async () => {
  const { work, find } = slowWork();
  const { service } = await startGrpc({ find });
  const stop = new AbortController();
  const call = service.find({ name: 'a' }, { signal: stop.signal });
  await expect.poll(() => work.begun).toBe(true);
  stop.abort();
  await expect(call).rejects.toThrow();
  await expect.poll(() => work.stopped).toBe(true);
});

test('a call whose time is up before it begins has no effect', async () => {
  const { origin, service } = await startGrpc();
  const call = await openCall(origin, `${path}/Keep`, { 'grpc-timeout': '1n' });
  const message = create(KeepRequestSchema, { thingName: 'late' });
  call.end(framed(toBinary(KeepRequestSchema, message)));
  expect((await statusOf(call))['grpc-status']).toBe('4');
  expect((await service.find({ name: 'late' })).found).toEqual([]);
});

test('a timeout that is none is refused, and one beyond all measure is none', async () => {
  const { origin } = await startGrpc();
  const expected = { soon: '3', '-1S': '3', '5x': '3', '99999999H': '0' };
  for (const [timeout, status] of Object.entries(expected)) {
    const call = await openCall(origin, `${path}/Find`, { 'grpc-timeout': timeout });
    call.end(question);
    expect([timeout, (await statusOf(call))['grpc-status']]).toEqual([timeout, status]);
  }
});
