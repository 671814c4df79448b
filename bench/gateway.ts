import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import autocannon from 'autocannon';
import { execa } from 'execa';
import { addToService, createService, parseAnswers } from '../src/index.ts';
import { startLocalRegistry } from '../test/support/local-registry.ts';

/**
 * The emitted gateway against bare `@fastify/http-proxy`, before the same upstream, turn about in one
 * run: requests per second and p99 of a `GET` of half a kilobyte and of a `POST` of one. Both write one
 * line to their log for a request.
 */
const seconds = Number(process.argv[2] ?? 5);
const rounds = Number(process.argv[3] ?? 5);
const upstreamPort = 3140;
const folder = await emittedGateway();
const programs = { bare: 'bare-proxy.ts', gateway: 'src/main.ts' };
const ports = { bare: 3141, gateway: 3142 };
const loads = {
  'GET of 512 bytes': { method: 'GET' },
  'POST of 1 KiB': {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.alloc(1024, 'x'),
  },
} as const;

const stopUpstream = await start('upstream.ts', upstreamPort, '/orders');
for (const [name, load] of Object.entries(loads)) {
  const rates = { bare: [] as number[], gateway: [] as number[] };
  const p99s = { bare: [] as number[], gateway: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const side of ['bare', 'gateway'] as const) {
      const stop = await start(programs[side], ports[side], '/api/orders');
      const url = `http://127.0.0.1:${ports[side]}/api/orders`;
      await autocannon({ ...load, url, connections: 20, duration: 2 });
      const { requests, latency, non2xx, errors } = await autocannon({
        ...load,
        url,
        connections: 20,
        duration: seconds,
      });
      if (non2xx + errors > 0) throw new Error(`${side}: ${non2xx} refused, ${errors} errors`);
      rates[side].push(requests.average);
      p99s[side].push(latency.p99);
      await stop();
    }
  }
  for (const side of ['bare', 'gateway'] as const) {
    const [rate, p99] = [Math.round(median(rates[side])), median(p99s[side])];
    console.log(`${name}, ${side}: ${rate} requests/s, p99 ${p99} ms`);
  }
  console.log(
    `${name}: ${(median(rates.gateway) / median(rates.bare)).toFixed(2)}× of the bare proxy`,
  );
}
await stopUpstream();
await fs.rm(path.dirname(folder), { recursive: true, force: true });

/** A gateway with one public route, installed, with what it is measured against beside it. */
async function emittedGateway(): Promise<string> {
  const root = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-bench-')));
  const { answers } = parseAnswers({ name: 'gateway', kind: 'gateway' });
  const { folder: made } = await createService(answers, { cwd: root });
  const route = { name: '/api/orders', to: 'orders', public: 'yes' };
  await addToService('route', route, { cwd: made });
  const packages = ['@fastify/http-proxy@11.6.3'];
  const registry = await startLocalRegistry();
  await execa('npm', ['install', '--no-audit', '--no-fund', ...packages], {
    cwd: made,
    stdin: 'ignore',
    env: registry.environment,
  });
  await registry.stop();
  for (const program of ['bare-proxy', 'upstream']) {
    const text = path.join(import.meta.dirname, 'gateway', `${program}.ts.txt`);
    await fs.copyFile(text, path.join(made, `${program}.ts`));
  }
  return made;
}

async function start(program: string, port: number, probe: string): Promise<() => Promise<void>> {
  const log = await fs.open(path.join(folder, `${path.basename(program)}.log`), 'w');
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      ORDERS_URL: `http://127.0.0.1:${upstreamPort}`,
      RATE_LIMIT_PER_MINUTE: '0',
      SHUTDOWN_DRAIN_MS: '0',
    },
    stdio: ['ignore', log.fd, 'inherit'],
  });
  await log.close();
  const exited = new Promise((resolve) => child.once('exit', resolve));
  for (let tries = 0; tries < 400; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}${probe}`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return async () => {
    child.kill('SIGTERM');
    await exited;
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
