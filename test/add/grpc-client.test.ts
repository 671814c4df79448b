import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link, runScript } from '../support/emitted.ts';
import { freePort } from '../support/ports.ts';
import { RunningService } from '../support/running-service.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
}, 300_000);

afterAll(() => dependencies.dispose());

/** Two services side by side: orders, and payments that speak gRPC. */
async function emitBoth(...orders: readonly string[]) {
  const root = await temporaryFolder();
  const make = (...args: readonly string[]) =>
    cli([...args, '--yes', '--datastore', 'none', '--cwd', root, '--no-install', '--no-git']);
  await make('payments', '--protocol', 'grpc');
  await make('orders', ...orders);
  const folder = (name: string) => path.join(root, name);
  const add = (...args: readonly string[]) =>
    cli(['add', 'client', ...args, '--yes', '--cwd', folder('orders'), '--no-install']);
  return { orders: folder('orders'), payments: folder('payments'), add };
}

test.each([
  ['a service with REST', ['--style', 'sync']],
  ['a service with gRPC of its own', ['--style', 'sync', '--protocol', 'grpc']],
  ['a service without an API', ['--style', 'async', '--bus', 'kafka']],
])(
  '%s calls a neighbour by gRPC, and hears when its proto breaks',
  {
    timeout: 240_000,
  },
  async (_name, flags) => {
    const { orders, payments, add } = await emitBoth(...flags);
    const added = await add('payments', '--protocol', 'grpc');
    expect([added.exitCode, added.stderr]).toEqual([0, '']);
    for (const folder of [orders, payments]) await link(folder, dependencies);
    await expectScript(orders, 'typecheck');
    await expectScript(orders, 'lint');
    const generated = path.join(orders, 'src/grpc/gen/payments/v1/payments_pb.ts');
    const copied = await fs.readFile(generated, 'utf8');
    await expectScript(orders, 'proto');
    expect(await fs.readFile(generated, 'utf8')).toBe(copied);
    await expectScript(orders, 'test', ['test/grpc-contracts.test.ts']);

    const proto = path.join(payments, 'proto/payments/v1/payments.proto');
    const text = await fs.readFile(proto, 'utf8');
    await fs.writeFile(proto, text.replace('message GetRequest {', '$&\n  string more = 2;'));
    await expectScript(orders, 'test', ['test/grpc-contracts.test.ts']);
    await fs.writeFile(proto, text.replace('string reference = 2;', 'int32 reference = 2;'));
    const { failed, said } = await runScript(orders, 'test', ['test/grpc-contracts.test.ts']);
    expect(failed).toBe(true);
    expect(said).toContain('../payments breaks payments');
    expect(said).toContain('Field "2" with name "reference" on message "Payment" changed type');
  },
);

test('the client calls the other service, behind its policy', { timeout: 120_000 }, async () => {
  const { orders, payments, add } = await emitBoth();
  await add('payments', '--protocol', 'grpc');
  for (const folder of [orders, payments]) await link(folder, dependencies);
  const port = String(await freePort());
  const provider = await RunningService.start(payments, { GRPC_PORT: port });
  await provider.waitFor('ready', 200);
  const route = `
    import * as api from '../grpc/gen/payments/v1/payments_pb.ts';
    export default async (app) => {
      app.get('/pay', async () => {
        const { create } = api.PaymentService.method;
        const { created } = await app.paymentsClient.call(create, { reference: 'A-1' }, 'k-1');
        return created?.reference;
      });
    };
  `;
  await fs.writeFile(path.join(orders, 'src/routes/pay.ts'), route);
  const url = `http://127.0.0.1:${port}`;
  const service = await RunningService.start(orders, { PAYMENTS_URL: url });
  await service.waitFor('ready', 200);
  expect(await (await fetch(`${service.url}/pay`)).text()).toBe('A-1');
  provider.child.kill('SIGKILL');
  await provider.exited;
  expect((await fetch(`${service.url}/pay`)).status).toBe(503);
  const { calls, contracts } = JSON.parse(
    await fs.readFile(path.join(orders, 'service.json'), 'utf8'),
  );
  expect({ calls, contracts }).toEqual({
    calls: ['payments'],
    contracts: [{ client: 'payments', provider: '../payments', proto: 'proto/payments' }],
  });
});

test('refuses what does not speak gRPC, in one sentence, and changes nothing', async () => {
  const { orders, payments, add } = await emitBoth();
  const before = await fs.readdir(orders, { recursive: true });
  const refused = async (...args: readonly string[]) => {
    const { exitCode, stderr } = await add(...args);
    expect(exitCode).not.toBe(0);
    return stderr;
  };
  expect(await refused('billing', '--protocol', 'grpc')).toContain(
    'needs billing in this workspace',
  );
  expect(await refused('payments', '--protocol', 'soap')).toContain('is not one of rest and grpc');
  const proto = path.join(payments, 'proto/payments/v1/payments.proto');
  await fs.writeFile(proto, `import "other.proto";\n${await fs.readFile(proto, 'utf8')}`);
  expect(await refused('payments', '--protocol', 'grpc')).toContain('imports other.proto');
  await fs.rm(proto);
  expect(await refused('payments', '--protocol', 'grpc')).toContain('has no proto/payments/v1');
  expect(await fs.readdir(orders, { recursive: true })).toEqual(before);
});
