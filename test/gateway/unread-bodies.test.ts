import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RunningService } from '../support/running-service.ts';
import { Connection } from './connection.ts';
import { emittedForAll, startGateway } from './started.ts';
import { type Answer, said } from './upstream.ts';

const folders = emittedForAll();
const megabyte = 'x'.repeat(1_000_000);

/** Sends as a client does that does not listen meanwhile, for as long as anybody takes it. */
async function send(connection: Connection, size: number): Promise<void> {
  for (let sent = 0; sent < size && connection.socket.writable; sent += megabyte.length) {
    connection.write(megabyte.slice(0, size - sent));
    // A client that writes until it is done, before it reads.
    for (let wait = 0; wait < 40 && connection.socket.writableNeedDrain; wait += 1) await delay(10);
  }
}

/**
 * Asks twice on one connection, the first time with a body. The first answer must come whole; then there is
 * another one to the second request, or it has been said that there will be none, and the connection ends
 * without a reset.
 */
async function askTwice(
  base: string,
  line: string,
  { size, chunked = false, fields = [] }: { size: number; chunked?: boolean; fields?: string[] },
): Promise<number> {
  const connection = await Connection.to(base);
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${size}`;
  connection.head(line, framing, ...fields);
  if (chunked) connection.write(`${size.toString(16)}\r\n`);
  await send(connection, size);
  if (chunked) connection.write('\r\n0\r\n\r\n');
  const first = await connection.answer();
  expect(first, String(connection.error)).toBeDefined();
  if (/^connection: close/im.test(first?.head ?? '')) {
    await expect.poll(() => connection.hasEnded, { timeout: 5000 }).toBe(true);
    expect(connection.error).toBeUndefined();
  } else {
    connection.head('GET /health/live');
    expect(await connection.answer(), `after ${first?.status}`).toMatchObject({ status: 200 });
  }
  return first?.status ?? 0;
}

const early: Answer = (socket) => socket.write(said('409 Conflict'));
const hangs: Answer = () => undefined;
const resets: Answer = (socket) => setTimeout(() => socket.resetAndDestroy(), 20);

test.each([
  ['the upstream answers early', early, 409],
  ['the upstream resets the connection', resets, 502],
] as [string, Answer, number][])(
  'when %s, the next request on the connection is answered too',
  async (_when, answer, status) => {
    const { entry } = await startGateway(folders(), answer, { THINGS_CIRCUIT_FAILURES: '1000' });
    for (const size of [100_000, 200_000, 1_000_000, 3_000_000, 5_000_000])
      expect(await askTwice(entry.url, 'POST /api/things', { size })).toBe(status);
    expect(await askTwice(entry.url, 'POST /api/things', { size: 2_000_000, chunked: true })).toBe(
      status,
    );
  },
);

test('so it is after what the gateway refuses itself', async () => {
  const { entry } = await startGateway(folders(), hangs, { MAX_BODY_BYTES: '3000000' });
  const ask = (line: string, size: number, more = {}) =>
    askTwice(entry.url, line, { size, ...more });
  for (const size of [10, 200_000, 1_000_000, 5_000_000]) {
    expect(await ask('POST /api/nothing', size)).toBe(404);
    expect(await ask('POST /api/things/..%2f', size)).toBe(400);
    const fields = ['x-request-timeout-ms: soon'];
    expect(await ask('POST /api/things', size, { fields })).toBe(400);
  }
  expect(await ask('POST /api/things', 5_000_000)).toBe(413);
  expect(await ask('POST /api/things', 5_000_000, { chunked: true })).toBe(413);
});

test('so it is in a service', async () => {
  const service = await RunningService.start(folders().orders, { LOG_LEVEL: 'silent' });
  await service.waitFor('ready', 200);
  const ask = (line: string, size: number, more = {}) =>
    askTwice(service.url, line, { size, ...more });
  for (const size of [10, 200_000, 900_000, 5_000_000]) {
    expect(await ask('POST /nothing', size)).toBe(404);
    const fields = ['x-request-timeout-ms: soon'];
    expect(await ask('POST /orders', size, { fields })).toBe(400);
    expect(await ask('POST /orders', size, { fields: ['content-type: text/csv'] })).toBeGreaterThan(
      399,
    );
  }
  const json = { fields: ['content-type: application/json'] };
  expect(await ask('POST /orders', 5_000_000, json)).toBe(413);
  expect(await ask('POST /orders', 5_000_000, { ...json, chunked: true })).toBe(413);
});
