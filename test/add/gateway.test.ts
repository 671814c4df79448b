import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link } from '../support/emitted.ts';
import { RunningService } from '../support/running-service.ts';
import { servicesIn } from '../support/services.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

async function add(folder: string, ...args: string[]): Promise<void> {
  const { exitCode, stderr } = await cli(['add', ...args, '--yes'], { cwd: folder });
  expect(exitCode, stderr).toBe(0);
}

/** The longest names that there can be. */
const longName = `${'long-'.repeat(7)}names`;
const longPath = `/api/${'x'.repeat(40)}/{abcdefgh}`;

test('a gateway with routes and aggregates type-checks, lints and passes its own tests', {
  timeout: 300_000,
}, async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { gateway: ['--kind', 'gateway'] });
  const folder = path.join(root, 'gateway');
  await link(folder, dependencies);
  await add(folder, 'route', '/api/orders', '--to', 'orders');
  await add(folder, 'route', '/api', '--to', longName, '--public', 'yes');
  const services = ['--from', `orders,${longName}`];
  await add(folder, 'aggregate', '/api/overview', ...services);
  await add(folder, 'aggregate', longPath, ...services, '--required', 'orders', '--public', 'yes');
  await expectScript(folder, 'typecheck');
  await expectScript(folder, 'lint');
  await expectScript(folder, 'test');
});

test('a gateway stands before a service as it is emitted, and both run as in production', {
  timeout: 180_000,
}, async () => {
  const root = await temporaryFolder();
  const orders = path.join(root, 'orders');
  const gateway = path.join(root, 'gateway');
  await servicesIn(root, { orders: ['--datastore', 'none'], gateway: ['--kind', 'gateway'] });
  await add(gateway, 'route', '/api/orders', '--to', 'orders', '--public', 'yes');
  for (const folder of [orders, gateway]) await link(folder, dependencies);
  const upstream = await RunningService.start(orders, {});
  await upstream.waitFor('ready', 200);
  const entry = await RunningService.start(gateway, { ORDERS_URL: upstream.url });
  await entry.waitFor('ready', 200);

  const created = await fetch(`${entry.url}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'one' },
    body: '{"reference":"through the gateway"}',
  });
  expect(created.status).toBe(201);
  const location = created.headers.get('location') ?? '';
  expect(location).toMatch(/^\/api\/orders\/[\da-f-]{36}$/);
  const read = await fetch(entry.url + location);
  expect(await read.json()).toMatchObject({ reference: 'through the gateway' });
  const headers = { 'if-match': '"7"' };
  const refused = await fetch(entry.url + location, { method: 'DELETE', headers });
  expect(refused.status).toBe(412);
  expect((await fetch(`${entry.url}/orders`)).status).toBe(404);

  upstream.child.kill('SIGTERM');
  expect(await upstream.exited).toBe(0);
  expect((await fetch(entry.url + location)).status).toBe(502);
  expect(await entry.status('ready')).toBe(200);
  entry.child.kill('SIGTERM');
  expect(await entry.exited, entry.output.slice(-2000)).toBe(0);
});

test('a private route without an issuer of tokens ends the start in production, with one sentence', {
  timeout: 60_000,
}, async () => {
  const root = await temporaryFolder();
  const folder = path.join(root, 'gateway');
  await servicesIn(root, { gateway: ['--kind', 'gateway'] });
  await add(folder, 'route', '/api/orders', '--to', 'orders');
  await link(folder, dependencies);
  const entry = await RunningService.start(folder, { ORDERS_URL: 'http://orders' });
  expect(await entry.exited).toBe(1);
  expect(entry.output).toContain('JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL: needed, as /api/orders');
  expect(entry.output).not.toContain('    at ');
});
