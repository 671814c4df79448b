import { setTimeout as delay } from 'node:timers/promises';
import { Code } from '@connectrpc/connect';
import { afterEach, expect, test, vi } from 'vitest';
import { Repository } from '../../src/database/repository.ts';
import { startGrpc } from '../support/grpc.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Lets a row be written, and what is done with it take longer. */
function insertSlowly(milliseconds: number) {
  const work = { written: false, done: false };
  const insert = Repository.prototype.insert;
  vi.spyOn(Repository.prototype, 'insert').mockImplementation(async function (
    this: Repository,
    created,
  ) {
    await insert.call(this, created);
    work.written = true;
    await delay(milliseconds);
    work.done = true;
  });
  return work;
}

test('a change over gRPC that is complete too late is undone', async () => {
  const { service } = await startGrpc();
  const work = insertSlowly(300);
  const late = service.create({ reference: 'late' }, { timeoutMs: 200 });
  await expect(late).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  await expect.poll(() => work.done).toBe(true);
  expect((await service.list({})).items).toEqual([]);
});

test('a change over gRPC whose caller has cancelled is undone', async () => {
  const { service } = await startGrpc();
  const work = insertSlowly(300);
  const stop = new AbortController();
  const call = service.create({ reference: 'cancelled' }, { signal: stop.signal });
  await expect.poll(() => work.written).toBe(true);
  stop.abort();
  await expect(call).rejects.toMatchObject({ code: Code.Canceled });
  await expect.poll(() => work.done).toBe(true);
  expect((await service.list({})).items).toEqual([]);
});
