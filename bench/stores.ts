import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { createService, parseAnswers } from '../src/index.ts';
import { installedDependencies } from '../test/support/dependencies.ts';
import { freePort } from '../test/support/ports.ts';
import { type StoreServer, storeServers } from '../test/support/stores.ts';

/**
 * Reads and writes a second through the emitted service on each store's real server, against bare
 * Fastify on the bare driver, turn about in one run; and what writing to the outbox costs.
 */
const { values } = parseArgs({
  options: {
    store: { type: 'string', default: Object.keys(storeServers).join(',') },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
  },
});
const request = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"reference":"a reference"}',
} as const;
const dependencies = await installedDependencies();
const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-bench-'));
await fs.chmod(root, 0o755);
try {
  for (const store of values.store.split(',')) {
    const server = await storeServers[store]?.create();
    if (server === undefined) throw new Error(`there is no store ${store}`);
    await measure(store, server);
    await server.dispose();
  }
} finally {
  await fs.rm(root, { recursive: true, force: true });
  await dependencies.dispose();
}

interface Side {
  readonly name: string;
  readonly folder: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly reads: number[];
  readonly writes: number[];
}

async function measure(store: string, server: StoreServer): Promise<void> {
  const [sync, both] = [await emit(store, 'sync'), await emit(store, 'both')];
  const environment = await server.database('bench_sync');
  const outbox = { ...(await server.database('bench_both')), LOG_FORMAT: 'json' };
  const none = () => ({ reads: [], writes: [] });
  const sides: Side[] = [
    // The emitted service comes first: it makes the table that the bare one uses as well.
    { name: 'emitted', folder: sync, args: ['src/main.ts'], environment, ...none() },
    { name: 'bare', folder: sync, args: ['bare.ts', store], environment, ...none() },
    {
      // With a bus in the same process, so that what is left is the outbox and its relay.
      name: 'emitted, each write with an event',
      ...{ folder: both, args: ['development/main.ts'], environment: outbox, ...none() },
    },
  ];
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const side of sides) await take(side);
  const bare = sides.find(({ name }) => name === 'bare');
  for (const { name, reads, writes } of sides) {
    const [r, w] = [median(reads), median(writes)];
    const ratios = [r / median(bare?.reads), w / median(bare?.writes)];
    const against = ratios.map((ratio) => `${ratio.toFixed(2)}×`).join(' and ');
    console.log(`${store}, ${name}: ${r} reads/s, ${w} writes/s, ${against} of bare`);
  }
}

async function emit(store: string, style: string): Promise<string> {
  const { answers } = parseAnswers({ name: 'orders', style, datastore: store });
  const cwd = path.join(root, `${store}-${style}`);
  await fs.mkdir(cwd);
  const { folder } = await createService(answers, { cwd });
  await fs.symlink(dependencies.folder, path.join(folder, 'node_modules'));
  await fs.cp(path.join(import.meta.dirname, 'stores/service'), folder, { recursive: true });
  return folder;
}

/** One turn of a side: a second to warm up, then reads and writes. */
async function take({ folder, args, environment, reads, writes }: Side): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/orders`;
  const child = await start(folder, args, { ...environment, PORT: `${port}` });
  const id = await firstOf(url);
  await load(`${url}/${id}`, 'GET', 1);
  await load(url, 'POST', 1);
  reads.push(await load(`${url}/${id}`, 'GET', Number(values.seconds)));
  writes.push(await load(url, 'POST', Number(values.seconds)));
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Its log goes to a file, as every side's does. */
async function start(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const log = await fs.open(path.join(folder, 'bench.log'), 'w');
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, HOST: '127.0.0.1', ...environment },
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  return child;
}

/** Creates one as soon as it can, and returns its id. */
async function firstOf(url: string): Promise<string> {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(url, request).catch(() => undefined);
    if (answer?.status === 201) return JSON.parse(await answer.text()).id;
    await delay(100);
  }
  throw new Error(`${url} did not come to life within a minute`);
}

async function load(url: string, method: 'GET' | 'POST', duration: number): Promise<number> {
  const more = method === 'POST' ? request : {};
  const { requests, non2xx } = await autocannon({ url, connections: 20, duration, ...more });
  if (non2xx > 0) throw new Error(`${non2xx} answers to ${method} ${url} were refusals`);
  return Math.round(requests.average);
}

function median(numbers: readonly number[] = []): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
