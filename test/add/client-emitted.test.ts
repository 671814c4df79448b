import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link, runScript } from '../support/emitted.ts';
import { RunningService } from '../support/running-service.ts';
import { edit, servicesIn } from '../support/services.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

/** Services beside each other that could be run: name → the flags of its choices. */
async function linkedServices(services: Record<string, readonly string[]>): Promise<string> {
  const root = await temporaryFolder();
  await servicesIn(root, services);
  for (const name of Object.keys(services)) await link(path.join(root, name), dependencies);
  return root;
}

async function add(folder: string, ...args: string[]): Promise<void> {
  // The neighbour's code runs on the Node that a service needs.
  const node = path.join(packageRoot, 'node_modules/.bin/node');
  const { exitCode, stderr } = await cli(['add', ...args, '--no-install'], { cwd: folder, node });
  expect(exitCode, stderr).toBe(0);
}

const menagerie = path.join(packageRoot, 'test/add/fixtures/menagerie.yaml');
const ownTests = ['test/clients', 'test/client-contracts', 'test/health', 'test/config'];

test.each([
  ['a service with an API', ['--datastore', 'none']],
  ['a service without one', ['--style', 'async', '--datastore', 'none']],
  ['a gateway', ['--kind', 'gateway']],
])(
  '%s has a client of all that a document says, and its tests are green',
  {
    timeout: 240_000,
  },
  async (_name, choices) => {
    const root = await linkedServices({ orders: choices });
    const folder = path.join(root, 'orders');
    await add(folder, 'client', 'zoo', '--openapi', menagerie);
    await expectScript(folder, 'typecheck');
    await expectScript(folder, 'lint');
    await expectScript(folder, 'test', ownTests);
  },
);

/** A route that asks payments, and one that creates there. */
const route = `import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';

const route: FastifyPluginAsyncZod = async (app) => {
  app.post('/pay', async () => {
    const { body } = await app.paymentsClient.createPayment({ body: { reference: 'order 1' } });
    const found = await app.paymentsClient.getPayment({ path: { id: body.id } });
    return { paid: found.body.reference, tag: found.headers.etag };
  });
};

export default route;
`;

test('a service calls another that runs, and is told when that is away', {
  timeout: 240_000,
}, async () => {
  const root = await linkedServices({
    payments: ['--datastore', 'none'],
    orders: ['--datastore', 'none'],
  });
  const folder = path.join(root, 'orders');
  await add(folder, 'client', 'payments');
  await fs.writeFile(path.join(folder, 'src/routes/pay.ts'), route);
  await expectScript(folder, 'typecheck');
  const payments = await RunningService.start(path.join(root, 'payments'), {});
  await payments.waitFor('ready', 200);
  const orders = await RunningService.start(folder, { PAYMENTS_URL: payments.url });
  await orders.waitFor('ready', 200);
  const pay = () => fetch(`${orders.url}/pay`, { method: 'POST' });
  expect(await (await pay()).json()).toEqual({ paid: 'order 1', tag: '"1"' });
  payments.child.kill('SIGTERM');
  await payments.exited;
  expect((await pay()).status).toBeGreaterThanOrEqual(500);
  orders.child.kill('SIGTERM');
  expect(await orders.exited, orders.output).toBe(0);
});

const schemas = 'src/api/schemas.ts';
/** An edit of the other service: file, text, what it becomes, and what is said of it. */
type Break = [file: string, from: string, to: string, sentence: string];

/** What can be broken at the same time without one hiding another. */
const breaks: Break[][] = [
  [
    [schemas, '    version: z.number().int().min(1),\n', '', 'answer.version is not sent'],
    [
      schemas,
      'newPaymentSchema = z.object({ reference })',
      'newPaymentSchema = z.object({ reference, currency: z.string() })',
      'POST /payments: body.currency is not sent',
    ],
    [
      'src/routes/get-payment.ts',
      'params: z.object({ id: z.uuid() }),',
      'params: z.object({ id: z.uuid() }),\n  querystring: z.object({ currency: z.string() }),',
      'GET /payments/{id}: query parameter currency is required now',
    ],
  ],
  [
    [
      schemas,
      'items: z.array(paymentViewSchema)',
      'items: z.array(paymentViewSchema.extend({ version: z.string() }))',
      'answer.items[].version may be string, and integer is needed',
    ],
    [
      'src/routes/create-payment.ts',
      "const url = '/payments';",
      "const url = '/payment';",
      'POST /payments is gone',
    ],
    [
      schemas,
      "z.enum(['open', 'closed'])",
      "z.enum(['open', 'closed', 'held'])",
      'answer.status may be "held", which is not known here',
    ],
  ],
];

test('a service’s own tests fail when the one that it calls breaks it, and say why', {
  timeout: 300_000,
}, async () => {
  const root = await linkedServices({
    payments: ['--datastore', 'none'],
    orders: ['--style', 'async', '--datastore', 'none'],
  });
  const [payments, orders] = [path.join(root, 'payments'), path.join(root, 'orders')];
  await add(orders, 'client', 'payments');
  const judged = () => runScript(orders, 'test', ['test/client-contracts', '--reporter=verbose']);
  expect(await judged()).toMatchObject({ failed: false });
  for (const edits of breaks) {
    const before = new Map<string, string>();
    for (const [file, from, to] of edits) {
      const place = path.join(payments, file);
      if (!before.has(place)) before.set(place, await fs.readFile(place, 'utf8'));
      await edit(place, (text) => text.replace(from, to));
    }
    const { failed, said } = await judged();
    expect(failed, said).toBe(true);
    expect(said).toContain('../payments breaks payments');
    for (const [, , , sentence] of edits) expect(said).toContain(sentence);
    for (const [place, text] of before) await fs.writeFile(place, text);
  }
  const schemasFile = path.join(payments, schemas);
  await edit(schemasFile, (text) =>
    text.replace('    version: z', '    note: z.string(),\n    version: z'),
  );
  expect(await judged()).toMatchObject({ failed: false });
  await fs.rm(path.join(payments, 'node_modules'), { recursive: true });
  expect(await judged()).toMatchObject({
    failed: false,
    said: expect.stringContaining('dependencies of ../payments are not installed'),
  });
  await fs.rm(payments, { recursive: true });
  expect(await judged()).toMatchObject({
    failed: false,
    said: expect.stringContaining('../payments is not here'),
  });
});
