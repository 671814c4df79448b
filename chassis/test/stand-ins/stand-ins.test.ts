import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { busInProcess, echoService } from '../../src/development/index.ts';
import {
  type DatabaseServer,
  databaseStandIn,
  NoServerError,
  otherService,
  packageUrl,
  startProgram,
} from '../../src/stand-ins/index.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'chassis-stand-ins-'));
  await fs.chmod(folder, 0o755);
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A kind of database of which only is noted what it is asked to do. */
function notedServer(serverVariable?: string) {
  const noted: string[] = [];
  const server: DatabaseServer = {
    kind: 'noted',
    ...(serverVariable === undefined ? {} : { serverVariable }),
    async start(folder) {
      noted.push(`start ${path.basename(folder)}`);
      return { url: 'noted://local', stop: async () => void noted.push('stop') };
    },
    async create(url, database) {
      noted.push(`create ${url}`);
      return `${url}/${database}`;
    },
    drop: async (url, database) => void noted.push(`drop ${url}/${database}`),
    testVariables: { DATABASE_PATIENCE: 'much' },
  };
  return { server, noted };
}

test('in development a database is kept under its name, and left alone where one is named', async () => {
  const { server, noted } = notedServer();
  const standIn = databaseStandIn('orders', server);
  expect(await standIn.develop({ DATABASE_URL: 'noted://real/orders' }, '/data')).toBeUndefined();
  const substitute = await standIn.develop({}, '/data');
  expect(substitute?.environment).toEqual({ DATABASE_URL: 'noted://local/orders' });
  await substitute?.stop?.();
  expect(noted).toEqual(['start noted', 'create noted://local', 'stop']);
});

test('a server that is named is used and not stopped, in development and in tests', async () => {
  const { server, noted } = notedServer('NOTED_URL');
  const standIn = databaseStandIn('orders', server);
  const environment = { NOTED_URL: 'noted://real' };
  const inDevelopment = await standIn.develop(environment, '/data');
  expect(inDevelopment?.environment).toEqual({ DATABASE_URL: 'noted://real/orders' });
  await inDevelopment?.stop?.();
  const shared = await standIn.share?.(environment);
  expect(shared?.environment).toEqual(environment);
  await shared?.stop?.();
  const ofDatabase = await standIn.share?.({ DATABASE_URL: 'noted://other/orders' });
  expect(ofDatabase?.environment).toEqual({ NOTED_URL: 'noted://other/orders' });
  expect(noted).toEqual(['create noted://real']);
});

test('each test has a database of its own, which is dropped with it', async () => {
  const { server, noted } = notedServer();
  const standIn = databaseStandIn('orders', server);
  const [one, other] = [
    await standIn.isolate({ DATABASE_URL: 'noted://shared' }),
    await standIn.isolate({ DATABASE_URL: 'noted://shared' }),
  ];
  expect(one.environment?.DATABASE_URL).toMatch(/^noted:\/\/shared\/test_\w{12}$/);
  expect(other.environment?.DATABASE_URL).not.toBe(one.environment?.DATABASE_URL);
  expect(one.environment).toMatchObject({ DATABASE_PATIENCE: 'much' });
  await one.stop?.();
  expect(noted.at(-1)).toBe(`drop ${one.environment?.DATABASE_URL}`);
});

test('a program that ends before its server is there is a sentence', async () => {
  const file = path.join(await temporaryFolder(), 'ends.mjs');
  await fs.writeFile(file, 'process.exit(3);');
  const start = startProgram(file, [], { otherwise: 'Install it first.' });
  await expect(start).rejects.toThrow('Install it first.');
  await expect(start).rejects.toBeInstanceOf(NoServerError);
});

test('a package that only development has is found from the service, or is a sentence', () => {
  expect(packageUrl('fastify', import.meta.url)).toMatch(/^file:.*\/fastify\/.*\.js$/);
  expect(() => packageUrl('not-installed', import.meta.url)).toThrow(NoServerError);
});

test('a bus in the process has dead letters in development, unless a real one is named', async () => {
  const data = await temporaryFolder();
  const bus = busInProcess('NATS_URL', 'nats://127.0.0.1:4222');
  expect(bus.deadLetters({ NATS_URL: 'nats://real:4222' }, data)).toBeUndefined();
  expect(await bus.develop({ NATS_URL: 'nats://real:4222' }, data)).toBeUndefined();
  const substitute = await bus.develop({}, data);
  expect(substitute?.inProcess?.environment).toEqual({ NATS_URL: 'nats://127.0.0.1:4222' });
  // Nothing that another process could take for a bus.
  expect(substitute?.environment).toBeUndefined();
  const letter = { topic: 'orders.dead-letters', key: 'a', headers: {}, body: '{}' };
  const letters = bus.deadLetters({ NATS_URL: ' ' }, data);
  await letters?.keep(letter);
  const again = bus.deadLetters({}, data)?.readDeadLetters() ?? [];
  expect(await Array.fromAsync(again)).toMatchObject([{ key: 'a' }]);
});

test('another service is an echo in development, and nobody in tests', async () => {
  const payments = echoService('PAYMENTS_URL', 'payments');
  expect(await payments.develop({ PAYMENTS_URL: 'http://real' }, '')).toBeUndefined();
  const substitute = await payments.develop({}, '');
  onTestFinished(() => substitute?.stop?.());
  const answer = await fetch(`${substitute?.environment?.PAYMENTS_URL}/payments/1`);
  expect(await answer.json()).toMatchObject({ standsInFor: 'payments', url: '/payments/1' });
  const { inProcess } = await payments.isolate({});
  expect(inProcess?.environment.PAYMENTS_URL).toBe('http://upstream.invalid');
  const known = otherService('STOCK_URL', 'http://localhost:50051');
  expect(await known.develop({}, '')).toEqual({
    environment: { STOCK_URL: 'http://localhost:50051' },
  });
});
