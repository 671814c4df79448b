import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, temporaryFolder, treeOf } from '../support/cli.ts';
import { edit, servicesIn } from '../support/services.ts';

const withEvents = ['--style', 'both', '--datastore', 'none'];

describe('in a folder with other services', () => {
  let root: string;

  beforeAll(async () => {
    root = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-test-')));
    await servicesIn(root, {
      orders: withEvents,
      payments: withEvents,
      silent: ['--datastore', 'none'],
    });
  });

  afterAll(() => fs.rm(root, { recursive: true, force: true }));

  test.each([
    [['evnt', 'order-shipped'], 'add event'],
    [[], 'add event NAME'],
    [['event'], '--name'],
    [['handler', 'payment-created'], '--from'],
    [['event', 'order-created'], 'order-created.v2'],
    [['event', 'order-requested.v1'], 'order-requested.v2'],
    [['event', 'order-shipped', '--from', 'payments'], 'needs no --from'],
    [['event', 'order-shipped', '--bus', 'kafka'], 'needs no --bus'],
    [['event', 'order-shipped', '--stile', 'x'], 'not a flag'],
    [['event', 'order-shipped', 'twice'], 'kebab-case'],
    [['event', 'Order Shipped'], 'add event order-shipped'],
    [['event', '../order-shipped'], 'path'],
    [['event', 'order-shipped/../../x'], 'path'],
    [['event', '$(touch pwned)'], 'kebab-case'],
    [['event', "x';process.exit();'"], 'kebab-case'],
    [['event', 'con'], 'Windows'],
    [['event', 'delete'], 'JavaScript'],
    [['event', 'order-shipped-v2'], 'order-shipped.v2'],
    [['event', 'order-shipped.v0'], 'kebab-case'],
    [['event', 'order-shipped.v99999'], 'kebab-case'],
    [['event', 'оrder-shipped'], 'U+043E'],
    [['event', 'x'.repeat(51)], '51 characters'],
    [['handler', 'payment-created', '--from', '../payments'], 'path'],
    [['handler', 'payment-created', '--from', 'Payments'], '--from payments'],
    [
      ['handler', 'payment-craeted', '--from', 'payments'],
      'add handler --from payments payment-created.v1',
    ],
    [['handler', 'payment-created.v2', '--from', 'payments'], 'it publishes payment-created.v1'],
    [['handler', 'order-requested', '--from', 'orders'], 'it publishes order-created.v1'],
    [['handler', 'payment-created', '--from', 'silent'], 'publishes nothing'],
  ])(
    'add %j is refused with exit code 2, one sentence, and nothing on disk',
    async (args, hint) => {
      const before = await treeOf(root);
      const cwd = path.join(root, 'orders');
      const { exitCode, stdout, stderr } = await cli(['add', ...args, '--yes'], { cwd });
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain(hint);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(await treeOf(root)).toEqual(before);
    },
  );
});

test('what is added once is refused when it is added again', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: withEvents, payments: withEvents });
  const cwd = path.join(root, 'orders/src');
  for (const args of [
    ['event', 'order-shipped'],
    ['handler', 'payment-created', '--from', 'payments'],
    ['handler', 'parcel-lost', '--from', 'parcels'],
  ]) {
    expect((await cli(['add', ...args], { cwd })).exitCode).toBe(0);
    const before = await treeOf(root);
    const again = await cli(['add', ...args], { cwd });
    expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/already/) });
    expect(await treeOf(root)).toEqual(before);
  }
});

test('outside of a service it says so, and names the services that are near', async () => {
  const root = await temporaryFolder();
  await fs.writeFile(path.join(root, 'package.json'), '{"workspaces":["services/*"]}');
  const nothing = await cli(['add', 'event', 'order-shipped'], { cwd: root });
  expect(nothing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('service.json') });
  await servicesIn(root, { orders: withEvents });
  const near = await cli(['add', 'event', 'order-shipped'], { cwd: root });
  expect(near.stderr).toContain('--cwd services/orders');
  await fs.writeFile(path.join(root, 'service.json'), '{"name":"theirs"}');
  const foreign = await cli(['add', 'event', 'order-shipped'], { cwd: root });
  expect(foreign.stderr).toContain('was not made by create-service');
  await fs.writeFile(path.join(root, 'service.json'), '{');
  const broken = await cli(['add', 'event', 'order-shipped'], { cwd: root });
  expect(broken).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('cannot be read') });
});

test('a publisher that lists an event and has no file for it is not believed', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: withEvents, payments: withEvents });
  await fs.rm(path.join(root, 'payments/src/events/schemas/payment-created.v1.ts'));
  const before = await treeOf(root);
  const args = ['add', 'handler', 'payment-created', '--from', 'payments'];
  const { exitCode, stderr } = await cli(args, { cwd: path.join(root, 'orders') });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('mend payments first');
  expect(await treeOf(root)).toEqual(before);
});

describe('a service without a bus', () => {
  test('that another version made is not given one, but grows by what needs none', async () => {
    const root = await temporaryFolder();
    await servicesIn(root, { orders: ['--datastore', 'none'], payments: withEvents });
    for (const name of ['orders', 'payments'])
      await edit(path.join(root, name, 'service.json'), (text) =>
        text.replace(/"version": ".*"/, '"version": "0.0.9"'),
      );
    const before = await treeOf(path.join(root, 'orders'));
    const args = ['add', 'event', 'refund-made', '--yes', '--no-install'];
    const refused = await cli(args, { cwd: path.join(root, 'orders') });
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('0.0.9') });
    expect(await treeOf(path.join(root, 'orders'))).toEqual(before);
    expect((await cli(args, { cwd: path.join(root, 'payments') })).exitCode).toBe(0);
  });

  test('in which the same lines were changed is left alone, and the change that is wanted is shown', async () => {
    const root = await temporaryFolder();
    await servicesIn(root, { orders: [] });
    const cwd = path.join(root, 'orders');
    await edit(path.join(cwd, 'src/database/unit-of-work.ts'), (text) =>
      text.replace('all of it commits, or none', 'everything or nothing'),
    );
    await fs.rm(path.join(cwd, 'compose.yaml'));
    await fs.mkdir(path.join(cwd, 'src/events/bus'), { recursive: true });
    await fs.writeFile(path.join(cwd, 'src/events/bus/adapter.ts'), 'export const mine = 1;\n');
    const before = await treeOf(cwd);
    const args = ['add', 'event', 'order-shipped', '--yes', '--no-install'];
    const refused = await cli(args, { cwd });
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(
      'src/database/unit-of-work.ts: you have changed the same lines',
    );
    expect(refused.stderr).toContain('src/events/bus/adapter.ts: a file of yours is in its place');
    expect(refused.stderr).not.toContain('compose.yaml');
    const shown = await cli([...args, '--dry-run', '--diff'], { cwd });
    expect(shown.exitCode).toBe(1);
    expect(shown.stdout).toContain('+  readonly publish: Publish;');
    const json = JSON.parse((await cli([...args, '--json'], { cwd })).stdout);
    expect(json).toMatchObject({ ok: false, error: { code: 'TARGET_CONFLICT' } });
    expect(await treeOf(cwd)).toEqual(before);
  });
});
