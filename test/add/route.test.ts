import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, temporaryFolder, treeOf } from '../support/cli.ts';
import { edit, servicesIn } from '../support/services.ts';

const gateway = ['--kind', 'gateway'];

async function add(cwd: string, ...args: string[]): Promise<void> {
  const { exitCode, stderr } = await cli(['add', ...args, '--yes'], { cwd });
  expect(exitCode, stderr).toBe(0);
}

function changedIn(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(after).filter((file) => after[file] !== before[file]);
}

describe('refused', () => {
  let root: string;

  beforeAll(async () => {
    root = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-test-')));
    await servicesIn(root, {
      gateway,
      orders: ['--datastore', 'none'],
      parcels: ['--style', 'async', '--datastore', 'none'],
    });
    await add(path.join(root, 'gateway'), 'route', '/api/orders', '--to', 'orders');
    const own = `const path: string = "/api/ours";
export default async (app) => {
  app.get('/api/theirs/:id', async () => path);
};\n`;
    await fs.writeFile(path.join(root, 'gateway/src/routes/ours.ts'), own);
  });

  afterAll(() => fs.rm(root, { recursive: true, force: true }));

  const overview = ['aggregate', '/api/overview/{id}'];
  test.each([
    [['route'], '--name'],
    [['route', '/api/payments'], '--to'],
    [['route', '', '--to', 'orders'], 'is empty'],
    [['route', 'api/payments', '--to', 'payments'], 'add route /api/payments'],
    [['route', '/api/Payments/', '--to', 'payments'], 'add route /api/payments'],
    [['route', '/', '--to', 'payments'], 'names nothing'],
    [['route', '/api//payments', '--to', 'payments'], 'empty part'],
    [['route', '/api/../admin', '--to', 'payments'], 'kebab-case'],
    [['route', '/api/%2e%2e', '--to', 'payments'], 'kebab-case'],
    [['route', '/api/{id}', '--to', 'payments'], 'kebab-case'],
    [['route', '/api/:id', '--to', 'payments'], 'kebab-case'],
    [['route', '/api/*', '--to', 'payments'], 'kebab-case'],
    [['route', '/api?x=1', '--to', 'payments'], 'kebab-case'],
    [['route', "/api';process.exit();'", '--to', 'payments'], 'kebab-case'],
    [['route', '/api/\u0430', '--to', 'payments'], 'U+0430'],
    [['route', `/${'x'.repeat(60)}`, '--to', 'payments'], '61 characters'],
    [['route', '/health', '--to', 'payments'], 'platform'],
    [['route', '/health/live', '--to', 'payments'], 'platform'],
    [['route', '/metrics', '--to', 'payments'], 'platform'],
    [['route', '/openapi.json', '--to', 'payments'], 'platform'],
    [['route', '/api/orders', '--to', 'payments'], 'already, in src/routes/api-orders.ts'],
    [['route', '/api/ours', '--to', 'payments'], 'already, in src/routes/ours.ts'],
    [['route', '/api/orders/items', '--to', 'orders'], 'already, with all that is below'],
    [['route', '/api/payments', '--to', '../payments'], 'path'],
    [['route', '/api/payments', '--to', 'Payments'], '--to payments'],
    [['route', '/api/payments', '--to', 'gateway'], 'cannot forward to itself'],
    [['route', '/api/payments', '--to', 'payments', '--public', 'perhaps'], 'yes nor no'],
    [['route', '/api/payments', '--to', 'payments', '--upstream-path', 'x'], 'begin with "/"'],
    [['route', '/api/payments', '--to', 'payments', '--upstream-path', '/../x'], 'kebab-case'],
    [['route', '/api/payments', '--to', 'payments', '--from', 'orders'], 'needs no --from'],
    [[...overview, '--from', 'orders'], 'at least two'],
    [[...overview, '--from', 'orders,orders'], 'twice'],
    [[...overview, '--from', 'orders,../x'], 'path'],
    [[...overview, '--from', 'orders,gateway'], 'itself'],
    [[...overview, '--from', 'a,b,c,d,e,f,g,h,i,j,k'], 'at most 10'],
    [[...overview, '--from', 'orders,payments', '--required', 'x'], 'no part'],
    [['aggregate', '/api/x/{class}', '--from', 'orders,payments'], 'JavaScript'],
    [['aggregate', '/api/x/{id}/{id}', '--from', 'orders,payments'], 'twice'],
    [['aggregate', '/{id}', '--from', 'orders,payments'], 'begins with a parameter'],
    [['aggregate', '/api/theirs/{other}', '--from', 'orders,payments'], 'src/routes/ours.ts'],
    [['endpoint', 'POST /orders'], 'is a gateway'],
  ])('add %j with exit code 2, one sentence, and nothing on disk', async (args, hint) => {
    const before = await treeOf(root);
    const cwd = path.join(root, 'gateway');
    const { exitCode, stdout, stderr } = await cli(['add', ...args, '--yes'], { cwd });
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await treeOf(root)).toEqual(before);
  });

  test('what is no gateway is told so', async () => {
    const args = ['add', 'route', '/api/payments', '--to', 'payments'];
    const { exitCode, stderr } = await cli(args, { cwd: path.join(root, 'orders') });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('orders is no gateway');
  });

  test('a file that stands where the route should go is left alone, and nothing else written', async () => {
    const cwd = path.join(root, 'gateway');
    await fs.writeFile(path.join(cwd, 'src/routes/shop-items.ts'), '// ours\n');
    const before = await treeOf(cwd);
    const { exitCode, stderr } = await cli(['add', 'route', '/shop/items', '--to', 'shop'], {
      cwd,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('src/routes/shop-items.ts is there already');
    expect(await treeOf(cwd)).toEqual(before);
  });

  test('a service that is not around, or has no API, is said', async () => {
    const cwd = path.join(root, 'gateway');
    const notes = async (to: string) =>
      (await cli(['add', 'route', `/${to}`, '--to', to, '--dry-run'], { cwd })).stdout;
    expect(await notes('order')).toContain('did you mean orders?');
    expect(await notes('parcels')).toContain('without an API');
  });
});

test('a route is its files, its upstream once, and a line where routes are listed', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { gateway });
  const cwd = path.join(root, 'gateway');
  const fresh = await treeOf(cwd);
  const args = ['route', '/api/orders', '--to', 'orders'];
  const dry = await cli(['add', ...args, '--yes', '--dry-run', '--diff'], { cwd });
  expect(dry.stdout).toContain('+ORDERS_URL=http://orders');
  expect(await treeOf(cwd)).toEqual(fresh);

  await add(cwd, ...args);
  const first = await treeOf(cwd);
  expect(changedIn(fresh, first)).toEqual([
    '.env.example',
    'README.md',
    'development/stand-ins.ts',
    'service.json',
    'src/config.ts',
    'src/routes',
    'src/routes/api-orders.ts',
    'test/routes',
    'test/routes/api-orders.test.ts',
  ]);
  expect(first['README.md']).toContain('| `/api/orders` | orders `/orders` | with a token |\n<!--');

  await add(cwd, 'route', '/api/v1/order-items', '--to', 'orders', '--public', 'yes');
  const second = await treeOf(cwd);
  expect(changedIn(first, second)).toEqual([
    'README.md',
    'service.json',
    'src/routes/api-v1-order-items.ts',
    'test/routes/api-v1-order-items.test.ts',
  ]);
  const { calls, routes } = JSON.parse(second['service.json'] ?? '');
  expect(calls).toEqual(['orders']);
  expect(routes).toEqual([
    { path: '/api/orders', to: ['orders'], upstreamPath: '/orders', public: false },
    {
      path: '/api/v1/order-items',
      to: ['orders'],
      upstreamPath: '/v1/order-items',
      public: true,
    },
  ]);
});

test.each([
  ['/api/orders', 'orders', '/orders'],
  ['/api/v1/orders/items', 'orders', '/orders/items'],
  ['/api/items', 'orders', '/items'],
  ['/shop/items', 'orders', '/shop/items'],
  ['/api', 'orders', '/'],
])('%s is, in %s, %s unless told', async (name, to, upstreamPath) => {
  const root = await temporaryFolder();
  await servicesIn(root, { gateway });
  const cwd = path.join(root, 'gateway');
  const args = ['add', 'route', name, '--to', to, '--dry-run', '--diff'];
  const { stdout } = await cli(args, { cwd });
  expect(stdout).toContain(`"upstreamPath": "${upstreamPath}"`);
});

test('what a person changed stays, and where their README has no table, that is said', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { gateway });
  const cwd = path.join(root, 'gateway');
  await edit(path.join(cwd, 'service.json'), (text) => text.replace(/\n/g, '\r\n'));
  await edit(path.join(cwd, 'README.md'), () => 'ours\n');
  await edit(path.join(cwd, '.env.example'), (text) => `${text}\n# ours\nORDERS_URL=http://ours\n`);
  const { stdout } = await cli(['add', 'route', '/api/orders', '--to', 'orders'], { cwd });
  expect(stdout).toContain('README.md has no table of routes');
  const after = await treeOf(cwd);
  expect(after['README.md']).toBe('ours\n');
  expect(after['.env.example']?.match(/ORDERS_URL/g)).toHaveLength(1);
  expect(after['service.json']).not.toMatch(/[^\r]\n/);
});

test('an aggregate is its files, the upstreams that are new, and a line', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { gateway });
  const cwd = path.join(root, 'gateway');
  await add(cwd, 'route', '/api/orders', '--to', 'orders');
  const before = await treeOf(cwd);
  await add(
    ...([cwd, 'aggregate', '/api/order-overview/{id}'] as const),
    ...['--from', 'orders, payments', '--required', 'orders'],
  );
  const after = await treeOf(cwd);
  expect(changedIn(before, after)).toEqual([
    '.env.example',
    'README.md',
    'development/stand-ins.ts',
    'service.json',
    'src/config.ts',
    'src/routes/api-order-overview-id.ts',
    'test/routes/api-order-overview-id.test.ts',
  ]);
  expect(JSON.parse(after['service.json'] ?? '')).toMatchObject({
    calls: ['orders', 'payments'],
    routes: [{}, { path: '/api/order-overview/{id}', to: ['orders', 'payments'] }],
  });
});
