import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StandIn } from '../../src/stand-ins/index.ts';
import { isolated, startProcess, startShared, whenStarted } from '../../src/testing/index.ts';
import { buildService } from '../support/service.ts';

/** A stand-in that notes what becomes of it. */
function noted(name: string, notes: string[], share?: StandIn['share']): StandIn {
  return {
    develop: async () => undefined,
    ...(share === undefined ? {} : { share }),
    isolate: async ({ SERVER_URL }) => ({
      environment: { [name]: `${SERVER_URL}/${name}` },
      inProcess: { environment: { PLACEHOLDER: name }, options: { [name.toLowerCase()]: name } },
      stop: () => void notes.push(`ended ${name}`),
    }),
  };
}

test('a test is given what all its stand-ins make, and they end with it', async () => {
  const notes: string[] = [];
  const cleanUps: (() => unknown)[] = [];
  const standIns = { one: noted('ONE', notes), other: noted('OTHER', notes) };
  const given = await isolated(standIns, { SERVER_URL: 'server' }, (each) => cleanUps.push(each));
  expect(given).toEqual({
    environment: { ONE: 'server/ONE', OTHER: 'server/OTHER' },
    inProcess: { environment: { PLACEHOLDER: 'OTHER' }, options: { one: 'ONE', other: 'OTHER' } },
  });
  expect(notes).toEqual([]);
  for (const cleanUp of cleanUps) await cleanUp();
  expect(notes).toEqual(['ended ONE', 'ended OTHER']);
});

test('what tests share is in the environment, and stops last first', async () => {
  const notes: string[] = [];
  const environment: NodeJS.ProcessEnv = {};
  const share = (name: string) => async (seen: NodeJS.ProcessEnv) => ({
    environment: { [name]: `after ${seen.FIRST}` },
    stop: () => void notes.push(name),
  });
  const stop = await startShared(
    {
      first: noted('A', notes, share('FIRST')),
      none: noted('B', notes),
      second: noted('C', notes, share('SECOND')),
    },
    environment,
  );
  expect(environment).toEqual({ FIRST: 'after undefined', SECOND: 'after after undefined' });
  await stop();
  expect(notes).toEqual(['SECOND', 'FIRST']);
});

test('what was started stops when the next cannot be started', async () => {
  const notes: string[] = [];
  const started = { environment: {}, stop: () => void notes.push('stopped') };
  const starting = startShared(
    {
      good: noted('A', notes, async () => started),
      bad: noted('B', notes, () => Promise.reject(new Error('none is installed'))),
    },
    {},
  );
  await expect(starting).rejects.toThrow('none is installed');
  expect(notes).toEqual(['stopped']);
});

test('a service is waited for until it is ready and has started', async () => {
  const app = await buildService();
  await app.ready();
  await expect(whenStarted(app)).resolves.toBeUndefined();
  const broken = await buildService();
  broken.health.addCheck('database', () => Promise.reject(new Error('away')));
  await broken.ready();
  await expect(whenStarted(broken, 200)).rejects.toThrow(/has not started: .*database/);
});

async function programOf(text: string): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'chassis-testing-'));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'program.mjs');
  await fs.writeFile(file, text);
  return file;
}

test('a process is waited for until it is ready and has started, and ends with the test', async () => {
  const program = await programOf(`
    import { createServer } from 'node:http';
    const begun = performance.now();
    createServer((request, response) => {
      const [isReady, isStarted] = [performance.now() - begun > 300, performance.now() - begun > 600];
      response.statusCode = request.url === '/health/ready' && !isReady ? 503 : 200;
      response.end(JSON.stringify({ status: isStarted ? 'started' : 'starting' }));
    }).listen(process.env.PORT, process.env.HOST);`);
  const cleanUps: (() => unknown)[] = [];
  const environment = { GREETING: 'hello' };
  const { url, exited } = await startProcess(program, environment, (each) => cleanUps.push(each));
  expect(await (await fetch(url)).json()).toEqual({ status: 'started' });
  for (const cleanUp of cleanUps) await cleanUp();
  expect(await exited).toBeNull();
});

test('a process that ends before it is ready is told of at once', async () => {
  const program = await programOf('process.exit(7);');
  const begun = performance.now();
  await expect(startProcess(program, {}, onTestFinished)).rejects.toThrow('ended with 7');
  expect(performance.now() - begun).toBeLessThan(5000);
});
