import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../../src/stand-ins/index.ts';

vi.setConfig({ testTimeout: 120_000 });

/** What the program imports, as URLs: it lies elsewhere. */
const parts = {
  api: import.meta.resolve('../../src/api/index.ts'),
  config: import.meta.resolve('../../src/config/index.ts'),
  development: import.meta.resolve('../../src/development/index.ts'),
  service: import.meta.resolve('../../src/service/index.ts'),
  signals: import.meta.resolve('../../src/signals/index.ts'),
  standIns: import.meta.resolve('../../src/stand-ins/index.ts'),
};

const modules = path.resolve('node_modules');
const hasDocs = existsSync(path.join(modules, '@fastify/swagger-ui'));

/** What `development/main.ts` of a service is, with a stand-in that notes its start and its end. */
const program = `
import fs from 'node:fs';
import path from 'node:path';
import { coreConfig, createService } from '${parts.service}';
import { readConfig } from '${parts.config}';
import { describeApi } from '${parts.api}';
import { develop, watch } from '${parts.development}';
import { listenForSignals } from '${parts.signals}';
import { NoServerError } from '${parts.standIns}';

const root = path.resolve(import.meta.dirname, '..');
const note = (text) => fs.appendFileSync(path.join(root, 'notes'), text + '\\n');
const standIns = {
  database: {
    async develop({ DATABASE_URL, NO_SERVER }) {
      if (DATABASE_URL) return undefined;
      if (NO_SERVER) throw new NoServerError('Install one first.');
      note('started');
      return { environment: { DATABASE_URL: 'stand-in' }, stop: async () => note('stopped') };
    },
    isolate: async () => ({}),
  },
};
const signals = listenForSignals();
if (process.argv.includes('--watch'))
  await watch({ program: import.meta.filename, standIns, root }, process.env, signals);
else {
  const loadConfig = async (environment) => readConfig(coreConfig, environment);
  const build = async (config) => {
    const app = await createService('orders', config);
    await describeApi(app, { name: 'orders', description: 'Orders.' });
    const { answer } = await import(path.join(root, 'src/answer.ts'));
    const schema = { tags: ['orders'] };
    app.get('/orders/:id', { schema }, async () => 'an order');
    app.get('/orders', { schema }, async () => ({ answer, pid: process.pid }));
    return app;
  };
  await develop({ loadConfig, build, standIns, root }, process.env, signals);
}
`;

/** A service in a folder, run as its script \`dev\` runs it. */
async function developed(environment: NodeJS.ProcessEnv = {}) {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'chassis-develop-'));
  onTestFinished(() => fs.rm(root, { recursive: true, force: true }));
  for (const folder of ['src', 'development']) await fs.mkdir(path.join(root, folder));
  await fs.symlink(modules, path.join(root, 'node_modules'));
  await fs.writeFile(path.join(root, 'package.json'), '{ "type": "module" }');
  const answer = (text: string) => fs.writeFile(path.join(root, 'src/answer.ts'), text);
  await answer("export const answer: string = 'one';");
  await fs.writeFile(path.join(root, 'development/main.ts'), program);
  const port = environment.PORT ?? String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['development/main.ts', '--watch'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      LOG_LEVEL: 'info',
      LOG_FORMAT: 'json',
      PORT: port,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = outputOf(child);
  const exited = once(child, 'exit').then(([code]) => code);
  const orders = async () => {
    const text = await fetch(`${url}/orders`).then(
      (response) => response.text(),
      () => '{}',
    );
    const { answer: said, pid }: { answer?: string; pid?: number } = JSON.parse(text);
    return { said, pid };
  };
  const answers = (text: string) =>
    vi.waitFor(async () => expect((await orders()).said, output()).toBe(text), 45_000);
  const notes = () => fs.readFile(path.join(root, 'notes'), 'utf8');
  return { root, url, child, exited, output, answer, answers, orders, notes };
}

function outputOf(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data) => {
      output += data;
    });
  return () => output;
}

function isRunning(pid = 0): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a service starts anew when its source changes, on the same stand-ins, and all end together', async () => {
  const { answer, answers, orders, notes, child, exited, output } = await developed();
  await answers('one');
  const first = (await orders()).pid;
  await answer("export const answer: string = 'two';");
  await answers('two');
  expect(isRunning(first)).toBe(false);
  // What is wrong waits for the next change.
  await answer('export const answer = ;');
  await vi.waitFor(() => expect(output()).toContain('when a file changes'), 30_000);
  await answer("export const answer: string = 'three';");
  await answers('three');
  expect(await notes()).toBe('started\n');
  const { pid } = await orders();
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  expect(isRunning(pid)).toBe(false);
  expect(await notes()).toBe('started\nstopped\n');
});

test.skipIf(!hasDocs)(
  'its addresses are printed when it is ready, and its API can be tried out',
  async () => {
    const { url, answers, output } = await developed();
    await answers('one');
    await vi.waitFor(() => expect(output()).toContain('curl'), 10_000);
    const lines = output().trim().split('\n');
    const printed = lines.filter((line) => !line.startsWith('{'));
    // Nobody has asked it anything yet but this test.
    expect(output()).not.toContain('/openapi.json",');
    expect(printed.map((line) => line.trim().replaceAll(/ +/g, ' '))).toEqual([
      `API ${url}`,
      `documents ${url}/docs ${url}/openapi.json`,
      `probes ${url}/health/live ${url}/health/ready ${url}/health/startup`,
      `try curl ${url}/orders`,
    ]);
    const page = await fetch(`${url}/docs`);
    expect(page.status).toBe(200);
    const html = await page.text();
    // All that it loads comes from here.
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, to = '']) => to);
    expect(loaded.length).toBeGreaterThan(3);
    for (const to of loaded) {
      const part = new URL(to, `${url}/docs/`);
      expect(part.origin).toBe(url);
      expect((await fetch(part)).status, part.href).toBe(200);
    }
    expect(await (await fetch(`${url}/docs/json`)).json()).toHaveProperty(['paths', '/orders']);
  },
);

test('a process whose watcher is killed ends, too', async () => {
  const { answers, orders, child } = await developed();
  await answers('one');
  const { pid } = await orders();
  child.kill('SIGKILL');
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 10_000);
});

test('a port that is taken is one sentence and the end, and so is a server that is not there', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const address = taken.address();
  const port = address !== null && typeof address === 'object' ? String(address.port) : '';
  const one = await developed({ PORT: port });
  expect(await one.exited).toBe(1);
  expect(one.output().trim()).toBe(
    `Port ${port} is in use by another process: set PORT to a free one.`,
  );
  expect(await one.notes()).toBe('started\nstopped\n');
  const other = await developed({ NO_SERVER: 'true' });
  expect(await other.exited).toBe(1);
  expect(other.output().trim()).toBe('Install one first.');
});

test('Ctrl-C, which the terminal sends to both, ends both with 0', async () => {
  const { answers, orders, child, exited, notes } = await developed();
  await answers('one');
  const { pid = 0 } = await orders();
  process.kill(pid, 'SIGINT');
  child.kill('SIGINT');
  expect(await exited).toBe(0);
  expect(isRunning(pid)).toBe(false);
  expect(await notes()).toBe('started\nstopped\n');
});
