import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { cli, temporaryFolder } from '../support/cli.ts';
import { ClickHouseServer, clickhousePackages } from '../support/clickhouse.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { RunningService } from '../support/running-service.ts';

const name = 'order-items';
let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

async function emit(): Promise<string> {
  const root = await temporaryFolder();
  const choices = ['--style', 'sync', '--datastore', 'clickhouse'];
  const how = ['--cwd', root, '--no-install', '--no-git'];
  const { exitCode, stderr } = await cli([name, '--yes', ...choices, ...how]);
  expect([exitCode, stderr]).toEqual([0, '']);
  const folder = path.join(root, name);
  await link(folder, dependencies);
  return folder;
}

async function startServer(): Promise<ClickHouseServer> {
  const server = await ClickHouseServer.create();
  onTestFinished(() => server.dispose());
  return server;
}

/** Creates one, changes it and deletes it, and returns the answers' statuses. */
async function useApi({ url }: RunningService): Promise<number[]> {
  const send = (method: string, address: string, etag: string, body?: object) =>
    fetch(address, {
      method,
      headers: { 'if-match': etag, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const created = await send('POST', `${url}/${name}`, '*', { reference: 'A' });
  const address = `${url}${created.headers.get('location')}`;
  const etag = created.headers.get('etag') ?? '';
  const changed = await send('PUT', address, etag, { reference: 'B', status: 'closed' });
  const stale = await send('PUT', address, etag, { reference: 'C', status: 'open' });
  const deleted = await send('DELETE', address, '*');
  return [created, changed, stale, deleted].map(({ status }) => status);
}

describe.skipIf(clickhousePackages === undefined)('ClickHouse', () => {
  test('instances that start together on an empty database apply each migration once', {
    timeout: 120_000,
  }, async () => {
    const folder = await emit();
    const server = await startServer();
    const environment = await server.database('together');
    const services = await Promise.all(
      Array.from({ length: 10 }, () => RunningService.start(folder, environment)),
    );
    await Promise.all(services.map((service) => service.waitFor('ready', 200)));
    expect(
      await server.query(
        'select name, count() from together.schema_history group by name format CSV',
      ),
    ).toBe('"0001-create",1');
    const said = services.map(({ output }) => output).join('');
    expect(said.match(/"msg":"migrated"/g)).toHaveLength(1);
  });

  test('the rights that the service’s user is given are enough, and end at its database', {
    timeout: 60_000,
  }, async () => {
    const folder = await emit();
    const server = await startServer();
    const environment = await server.database('order_items');
    await server.database('another');
    await server.query('create table another.secrets (x Int8) engine = MergeTree order by x');
    await server.stop();
    await server.restrict(
      await fs.readFile(path.join(folder, 'deploy/clickhouse-users.xml'), 'utf8'),
    );
    await server.start();
    const service = await RunningService.start(folder, environment);
    await service.waitFor('ready', 200);
    expect(await useApi(service)).toEqual([201, 200, 412, 204]);
    for (const sql of [
      'select * from another.secrets',
      'insert into another.secrets values (1)',
      'create table another.more (x Int8) engine = MergeTree order by x',
      'drop database another',
      'create database third',
      'create user somebody',
    ]) {
      await expect(server.query(sql), sql).rejects.toThrow('ACCESS_DENIED');
    }
  });
});
