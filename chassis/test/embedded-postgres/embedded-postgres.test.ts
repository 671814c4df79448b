import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { embeddedPostgres } from '../../src/embedded-postgres/index.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'chassis-embedded-postgres-'));
  await fs.chmod(folder, 0o755);
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The database that a connection to an address reaches. */
async function databaseAt(url = ''): Promise<string> {
  const client = new pg.Client(url);
  // A server that ends meanwhile says so outside a query too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query('select current_database() as name')).rows[0].name;
  } finally {
    await client.end();
  }
}

test('embedded PostgreSQL keeps what development wrote, and each test has its own', {
  timeout: 60_000,
}, async () => {
  const data = await temporaryFolder();
  const standIn = embeddedPostgres('order_items', import.meta.url);
  const first = await standIn.develop({}, data);
  const url = first?.environment?.DATABASE_URL;
  expect(await databaseAt(url)).toBe('order_items');
  const client = new pg.Client(url);
  await client.connect();
  await client.query('create table kept (id int)');
  await client.end();
  const test = await standIn.isolate({ DATABASE_URL: url });
  expect(await databaseAt(test.environment?.DATABASE_URL)).toMatch(/^test_/);
  await test.stop?.();
  await expect(databaseAt(test.environment?.DATABASE_URL)).rejects.toThrow('does not exist');
  await first?.stop?.();
  await expect(databaseAt(url)).rejects.toThrow();
  const second = await standIn.develop({}, data);
  onTestFinished(() => second?.stop?.());
  const again = new pg.Client(second?.environment?.DATABASE_URL);
  await again.connect();
  expect((await again.query('select * from kept')).rowCount).toBe(0);
  await again.end();
});

test('embedded PostgreSQL ends with the process that started it, killed as it may be', {
  timeout: 60_000,
}, async () => {
  const data = await temporaryFolder();
  const part = import.meta.resolve('../../src/embedded-postgres/index.ts');
  const program = `
    const { embeddedPostgres } = await import(${JSON.stringify(part)});
    const stood = embeddedPostgres('orders', ${JSON.stringify(import.meta.url)});
    const { environment } = await stood.develop({}, ${JSON.stringify(data)});
    console.log(environment.DATABASE_URL);
    setInterval(() => undefined, 1000);`;
  const args = ['--input-type=module', '--eval', program];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [url] = await once(createInterface(child.stdout), 'line');
  expect(await databaseAt(url)).toBe('orders');
  child.kill('SIGKILL');
  await vi.waitFor(() => expect(databaseAt(url)).rejects.toThrow('ECONNREFUSED'), 10_000);
  await vi.waitFor(async () => {
    expect(await fs.readdir(path.join(data, 'postgres'))).not.toContain('postmaster.pid');
  }, 10_000);
});

test('a lock whose number is another program’s by now ends nothing but itself', {
  timeout: 60_000,
}, async () => {
  const data = await temporaryFolder();
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  onTestFinished(() => void bystander.kill('SIGKILL'));
  const standIn = embeddedPostgres('orders', import.meta.url);
  const first = await standIn.develop({}, data);
  await first?.stop?.();
  await fs.writeFile(path.join(data, 'postgres/postmaster.pid'), `${bystander.pid}\n`);
  const second = await standIn.develop({}, data);
  onTestFinished(() => second?.stop?.());
  expect(await databaseAt(second?.environment?.DATABASE_URL)).toBe('orders');
  expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
});
