import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cli, packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link, runScript } from '../support/emitted.ts';
import { edit, servicesIn } from '../support/services.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

async function add(folder: string, ...args: string[]): Promise<void> {
  const { exitCode, stderr } = await cli(['add', ...args, '--no-install'], { cwd: folder });
  expect(exitCode, stderr).toBe(0);
}

async function expectGood(folder: string, ...tests: string[]): Promise<void> {
  await expectScript(folder, 'typecheck');
  await expectScript(folder, 'lint');
  await expectScript(folder, 'test', tests);
}

test('a service of style sync that a person has changed gets a bus, and keeps every line of theirs', {
  timeout: 300_000,
}, async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: [] });
  const folder = path.join(root, 'orders');
  await link(folder, dependencies);
  const changes: Record<string, [string | RegExp, string]> = {
    'README.md': ['# Orders\n', '# Our orders\n\nAsk Ann.\n'],
    'src/application/create-order.ts': ['openOrder(reference,', 'openOrder(reference.trim(),'],
    'package.json': ['"dev":', '"hello": "echo hello",\n    "dev":'],
    'compose.yaml': [
      'services:\n',
      '# started by hand\nservices:\n  cache:\n    image: "redis" # ours\n',
    ],
    '.env.example': [/$/, '\n# ours\nCACHE_URL=redis://localhost\n'],
    'src/database/unit-of-work.ts': [/$/, '\n/** Ours. */\nexport type Work = UnitOfWork;\n'],
  };
  for (const [file, [from, to]] of Object.entries(changes))
    await edit(path.join(folder, file), (text) => text.replace(from, to));
  const migrations = path.join(folder, 'src/database/migrations');
  await fs.writeFile(path.join(migrations, '0002-notes.ts'), ownMigration);

  await add(folder, 'handler', 'parcel-lost', '--from', 'parcels');

  for (const [file, [, to]] of Object.entries(changes))
    expect(await fs.readFile(path.join(folder, file), 'utf8'), file).toContain(to);
  expect(await fs.readdir(migrations)).toEqual([
    '0001-create.ts',
    '0002-notes.ts',
    '0003-idempotency.ts',
    '0004-events.ts',
  ]);
  const compose = parse(await fs.readFile(path.join(folder, 'compose.yaml'), 'utf8'));
  expect(Object.keys(compose.services)).toEqual(['cache', 'app', 'postgres', 'kafka']);
  const manifest = JSON.parse(await fs.readFile(path.join(folder, 'service.json'), 'utf8'));
  expect(manifest).toMatchObject({ style: 'both', bus: 'kafka', events: { publishes: [] } });
  await add(folder, 'event', 'order-shipped');
  await expectGood(folder);
});

test('a service of style sync without a datastore publishes', { timeout: 180_000 }, async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: ['--datastore', 'none'] });
  const folder = path.join(root, 'orders');
  await link(folder, dependencies);
  await add(folder, 'event', 'order-shipped', '--bus', 'kafka');
  await add(folder, 'handler', 'parcel-lost', '--from', 'parcels');
  await expectGood(folder, 'test/events', 'test/handlers', 'test/asyncapi', 'test/health');
});

test('a service that a person has changed gets endpoints, and serves them', {
  timeout: 180_000,
}, async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: ['--datastore', 'none'] });
  const folder = path.join(root, 'orders');
  await link(folder, dependencies);
  const route = path.join(folder, 'src/routes/get-order.ts');
  await edit(route, (text) => text.replace('app.get(', '// Ours.\n  app.get('));
  const longest = `PATCH /orders/{id}/${'q'.repeat(40)}/x`;
  const added = ['POST /orders/{id}/cancel', 'GET /a/{b}/{cD}', 'DELETE /orders', longest];
  for (const endpoint of added) await add(folder, 'endpoint', endpoint);
  expect(await fs.readFile(route, 'utf8')).toContain('// Ours.');
  await expectGood(folder, 'test/routes', 'test/api');
});

const ownMigration = `import type { Kysely } from 'kysely';

export async function up(kysely: Kysely<unknown>): Promise<void> {
  await kysely.schema.createTable('notes').addColumn('text', 'text').execute();
}
`;

const publishedSchema = (
  data: string,
  type = 'payments.payment-received.v1',
) => `import { z } from 'zod';
import { defineEvent } from 'service-chassis/events';

export default defineEvent({
  type: '${type}',
  data: z.object({
    ${data}
  }),
});
`;

const fields = [
  'id: z.uuid(),',
  'amount: z.number().positive(),',
  "currency: z.enum(['EUR', 'USD']),",
];
const without = (field: number): string => fields.toSpliced(field, 1).join('\n    ');

test('what a service publishes, another handles, and holds it to what it relies on', {
  timeout: 300_000,
}, async () => {
  const root = await temporaryFolder();
  await servicesIn(root, {
    payments: ['--style', 'async', '--datastore', 'none'],
    orders: ['--style', 'both', '--datastore', 'none'],
  });
  const [payments, orders] = [path.join(root, 'payments'), path.join(root, 'orders')];
  await link(payments, dependencies);
  await link(orders, dependencies);
  await add(payments, 'event', 'payment-received');
  await add(payments, 'event', `${'a'.repeat(49)}z.v2`);
  await expectGood(payments, 'test/events', 'test/asyncapi');
  const schema = path.join(payments, 'src/events/schemas/payment-received.v1.ts');
  await fs.writeFile(schema, publishedSchema(fields.join('\n    ')));
  await add(orders, 'handler', 'payment-received', '--from', 'payments');
  await add(orders, 'event', 'order-paid');
  const support = path.join(packageRoot, 'test/add/fixtures/support.test.ts.txt');
  await fs.copyFile(support, path.join(orders, 'test/support.test.ts'));
  const tests = ['test/contracts', 'test/handlers', 'test/events', 'test/asyncapi'];
  await expectGood(orders, ...tests, 'test/support.test');

  const judgement = () => runScript(orders, 'test', ['test/contracts', '--reporter=verbose']);
  // What else is a break, and how it is said, is in the fixture's tests.
  for (const [broken, sentence] of [
    [without(1), 'data.amount is not sent'],
    [`${without(2)}\n    currency: z.enum(['EUR', 'JPY']),`, 'data.currency may be "JPY"'],
  ] as const) {
    await fs.writeFile(schema, publishedSchema(broken));
    const { failed, said } = await judgement();
    expect(failed, said).toBe(true);
    expect(said).toContain('../payments breaks payments.payment-received.v1');
    expect(said).toContain(sentence);
  }
  await fs.writeFile(
    schema,
    publishedSchema(fields.join('\n    '), 'payments.payment-received.v2'),
  );
  expect((await judgement()).said).toContain('declares payments.payment-received.v2 now');
  await fs.rm(schema);
  expect(await judgement()).toMatchObject({
    failed: true,
    said: expect.stringContaining('is not there any more'),
  });

  await fs.writeFile(schema, publishedSchema([...fields, 'note: z.string(),'].join('\n    ')));
  expect(await judgement()).toMatchObject({ failed: false });
  await fs.rm(path.join(payments, 'node_modules'), { recursive: true });
  expect(await judgement()).toMatchObject({
    failed: false,
    said: expect.stringContaining('dependencies of ../payments are not installed'),
  });
  await fs.rm(payments, { recursive: true });
  expect(await judgement()).toMatchObject({
    failed: false,
    said: expect.stringContaining('../payments is not here'),
  });
});
