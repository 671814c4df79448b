import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cli, temporaryFolder, treeOf } from '../support/cli.ts';
import { edit, servicesIn } from '../support/services.ts';

const withEvents = ['--style', 'both', '--datastore', 'none'];

test('an event is files of its own, a line in service.json and a row in the README', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: withEvents });
  const cwd = path.join(root, 'orders');
  const before = await treeOf(cwd);
  const { exitCode } = await cli(['add', 'event', 'order-shipped', '--cwd', path.join(cwd, 'src')]);
  expect(exitCode).toBe(0);
  const after = await treeOf(cwd);
  const changed = Object.keys(after).filter((file) => after[file] !== before[file]);
  expect(changed).toEqual([
    'README.md',
    'service.json',
    'src/application/publish-order-shipped.ts',
    'src/events/schemas/order-shipped.v1.ts',
    'test/events',
    'test/events/order-shipped.test.ts',
  ]);
  expect(linesAdded(before, after, 'README.md')).toEqual([
    '| `orders.order-shipped.v1` | published |',
  ]);
  expect(JSON.parse(after['service.json'] ?? '').events.publishes).toEqual([
    'orders.order-created.v1',
    'orders.order-shipped.v1',
  ]);
});

test('a dry run shows what would come, with --diff also what would change, and writes nothing', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: withEvents });
  const cwd = path.join(root, 'orders');
  const before = await treeOf(cwd);
  const args = ['add', 'event', 'order-shipped', '--dry-run'];
  const plain = await cli(args, { cwd });
  expect(plain.exitCode).toBe(0);
  expect(plain.stdout).toMatch(/order-shipped\.v1\.ts .*B/);
  expect(plain.stdout).toContain('would change: README.md, service.json');
  const { stdout } = await cli([...args, '--diff'], { cwd });
  expect(stdout).toContain('+| `orders.order-shipped.v1` | published |');
  const json = JSON.parse((await cli([...args, '--json'], { cwd })).stdout);
  expect(json).toMatchObject({ ok: true, dryRun: true, does: 'publishes orders.order-shipped.v1' });
  expect(json.files).toContainEqual(
    expect.objectContaining({ path: 'service.json', state: 'changed' }),
  );
  expect(await treeOf(cwd)).toEqual(before);
});

test('two versions of an event, and events of one name from two services, live side by side', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: withEvents });
  const cwd = path.join(root, 'orders');
  for (const args of [
    ['event', 'order-shipped'],
    ['event', 'order-shipped.v2'],
    ['handler', 'refund-made', '--from', 'payments'],
    ['handler', 'refund-made.v2', '--from', 'payments'],
    ['handler', 'refund-made', '--from', 'vouchers'],
    ['handler', 'order-shipped.v2', '--from', 'orders'],
  ]) {
    const { exitCode, stderr } = await cli(['add', ...args], { cwd });
    expect(exitCode, stderr).toBe(0);
  }
  expect(await fs.readdir(path.join(cwd, 'src/events/handlers'))).toEqual([
    'order-requested.ts',
    'order-shipped-v2.ts',
    'refund-made-v2.ts',
    'refund-made.ts',
    'vouchers-refund-made.ts',
  ]);
  expect(await fs.readdir(path.join(cwd, 'src/events/schemas'))).toEqual([
    'order-created.v1.ts',
    'order-requested.v1.ts',
    'order-shipped.v1.ts',
    'order-shipped.v2.ts',
    'payments.refund-made.v1.ts',
    'payments.refund-made.v2.ts',
    'vouchers.refund-made.v1.ts',
  ]);
  const own = await fs.readFile(path.join(cwd, 'src/events/handlers/order-shipped-v2.ts'), 'utf8');
  expect(own).toContain("'../schemas/order-shipped.v2.ts'");
});

test('the newest version that a neighbour publishes is meant, and its schema is copied', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: withEvents, payments: withEvents });
  const [orders, payments] = [path.join(root, 'orders'), path.join(root, 'payments')];
  for (const name of ['refund-made', 'refund-made.v2']) {
    expect((await cli(['add', 'event', name], { cwd: payments })).exitCode).toBe(0);
  }
  const schema = 'src/events/schemas/refund-made.v2.ts';
  await edit(path.join(payments, schema), (text) =>
    text.replace('id: z', 'amount: z.int(), id: z'),
  );
  const args = ['add', 'handler', 'refund-made', '--from', 'payments', '--json'];
  const { stdout } = await cli(args, { cwd: orders });
  expect(JSON.parse(stdout)).toMatchObject({ does: 'handles payments.refund-made.v2', notes: [] });
  const copy = await fs.readFile(
    path.join(orders, 'src/events/schemas/payments.refund-made.v2.ts'),
    'utf8',
  );
  expect(copy.split('\n').slice(1).join('\n')).toBe(
    await fs.readFile(path.join(payments, schema), 'utf8'),
  );
  const manifest = JSON.parse(await fs.readFile(path.join(orders, 'service.json'), 'utf8'));
  expect(manifest.contracts).toEqual([
    { event: 'payments.refund-made.v2', publisher: '../payments', schema },
  ]);
});

test('a schema that imports what is not beside a copy is not copied, and that is said', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: withEvents, payments: withEvents });
  await edit(path.join(root, 'payments/src/events/schemas/payment-created.v1.ts'), (text) =>
    text.replace("import { z } from 'zod';", "import { z } from 'zod';\nimport '../../money.ts';"),
  );
  const args = ['add', 'handler', 'payment-created', '--from', 'payments'];
  const { exitCode, stdout } = await cli(args, { cwd: path.join(root, 'orders') });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('imports "../../money.ts"');
  const schema = path.join(root, 'orders/src/events/schemas/payments.payment-created.v1.ts');
  expect(await fs.readFile(schema, 'utf8')).toContain('looseObject');
});

test('neighbours are found in a workspace wherever its globs put them', async () => {
  const root = await temporaryFolder();
  await fs.writeFile(path.join(root, 'pnpm-workspace.yaml'), 'packages:\n  - "apps/*"\n');
  await servicesIn(root, { orders: withEvents });
  await fs.mkdir(path.join(root, 'elsewhere'));
  await servicesIn(path.join(root, 'elsewhere'), { payments: withEvents });
  await fs.rename(path.join(root, 'apps/payments'), path.join(root, 'elsewhere/payments'));
  await fs.writeFile(
    path.join(root, 'pnpm-workspace.yaml'),
    'packages:\n  - "apps/*"\n  - elsewhere/payments\n',
  );
  const cwd = path.join(root, 'apps/orders');
  const args = ['add', 'handler', 'payment-created', '--from', 'payments'];
  expect((await cli(args, { cwd })).exitCode).toBe(0);
  const manifest = JSON.parse(await fs.readFile(path.join(cwd, 'service.json'), 'utf8'));
  expect(manifest.contracts).toMatchObject([{ publisher: '../../elsewhere/payments' }]);
});

test('a publisher that is not around is said, with the one that was probably meant', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: withEvents, payments: withEvents });
  const args = ['add', 'handler', 'payment-created', '--from', 'payment'];
  const { exitCode, stdout } = await cli(args, { cwd: path.join(root, 'orders') });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('did you mean payments?');
});

test('a README without the markers is left alone, and that is said', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: withEvents });
  const readme = path.join(root, 'orders/README.md');
  await edit(readme, (text) => text.replace('<!-- /events -->', ''));
  const before = await fs.readFile(readme, 'utf8');
  const { exitCode, stdout } = await cli(['add', 'event', 'order-shipped'], {
    cwd: path.join(root, 'orders'),
  });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('README.md has no table of events');
  expect(await fs.readFile(readme, 'utf8')).toBe(before);
});

test('--help lists what can be added, its flags and examples', async () => {
  const { exitCode, stdout } = await cli(['add', '--help']);
  expect(exitCode).toBe(0);
  for (const text of ['event', 'handler', '--from', '--bus', '--dry-run', 'payment-received'])
    expect(stdout).toContain(text);
});

function linesAdded(
  before: Record<string, string>,
  after: Record<string, string>,
  file: string,
): string[] {
  const former = (before[file] ?? '').split('\n');
  return (after[file] ?? '').split('\n').filter((line) => !former.includes(line));
}

test('a handler knows that its publisher has all of its events in one topic', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, {
    orders: withEvents,
    payments: [...withEvents, '--topics', 'capability'],
  });
  const cwd = path.join(root, 'orders');
  const args = ['add', 'handler', 'payment-created', '--from', 'payments', '--cwd', cwd];
  expect((await cli(args)).exitCode).toBe(0);
  const schema = await fs.readFile(
    path.join(cwd, 'src/events/schemas/payments.payment-created.v1.ts'),
    'utf8',
  );
  expect(schema).toContain(
    "  type: 'payments.payment-created.v1',\n  topic: 'payments.events',\n  data",
  );
  const source = await fs.readFile(path.join(root, 'payments/src/service.ts'), 'utf8');
  expect(source).toContain('inOneTopic(');
});
