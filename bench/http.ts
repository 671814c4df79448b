import fs from 'node:fs/promises';
import path from 'node:path';
import autocannon from 'autocannon';
import { emittedService, startServer } from './emitted.ts';

/**
 * The emitted service against bare Fastify doing the same validated work (the same zod schemas, the
 * same log line), turn about in one run: requests per second and p99 of `POST /orders`.
 */
const { folder, dispose } = await emittedService();
await fs.copyFile(
  path.join(import.meta.dirname, 'bare-server.ts.txt'),
  path.join(folder, 'bare.ts'),
);
const sides = {
  bare: { program: 'bare.ts', port: 3131 },
  emitted: { program: 'src/main.ts', port: 3132 },
};
const rates: Record<string, number[]> = { bare: [], emitted: [] };
const p99s: Record<string, number[]> = { bare: [], emitted: [] };
for (let round = 0; round < 5; round += 1) {
  for (const [side, { program, port }] of Object.entries(sides)) {
    const stop = await startServer(folder, program, port);
    await load(port, 2);
    const { requests, latency } = await load(port, 5);
    rates[side]?.push(requests.average);
    p99s[side]?.push(latency.p99);
    stop();
  }
}
for (const side of Object.keys(sides)) {
  console.log(
    `${side}: ${Math.round(median(rates[side]))} requests/s, p99 ${median(p99s[side])} ms`,
  );
}
console.log(`emitted / bare: ${(median(rates.emitted) / median(rates.bare)).toFixed(2)}×`);
await dispose();

function load(port: number, duration: number): Promise<autocannon.Result> {
  return autocannon({
    url: `http://127.0.0.1:${port}/orders`,
    connections: 20,
    duration,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"reference":"a reference"}',
  });
}

function median(values: number[] = []): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
