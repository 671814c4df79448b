import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { freePort } from '../support/ports.ts';
import { RunningService } from '../support/running-service.ts';

/** The program `grpcurl`, a client that was not written here. */
const grpcurl = process.env.CREATE_SERVICE_GRPCURL ?? '';
const service = 'order_items.v1.OrderItemService';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

describe.skipIf(grpcurl === '')('grpcurl (CREATE_SERVICE_GRPCURL names it)', () => {
  beforeAll(async () => {
    dependencies = await installedDependencies();
  }, 300_000);

  afterAll(() => dependencies.dispose());

  test('without any file, lists, describes and calls the service, and shows its health and errors', {
    timeout: 60_000,
  }, async () => {
    const ask = await startOrderItems();
    expect((await ask('list')).stdout.split('\n')).toEqual([
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      service,
    ]);
    const described = await ask('describe', service);
    for (const method of ['Create', 'Get', 'List', 'Update', 'Delete'])
      expect(described.stdout).toContain(`rpc ${method} (`);
    expect((await ask('describe', 'order_items.v1.OrderItem')).stdout).toContain('STATUS_OPEN');

    const key = ['-H', 'idempotency-key: k-1', '-d', '{"reference":"A-1"}'];
    const { created } = JSON.parse((await ask(...key, `${service}/Create`)).stdout);
    expect(created).toMatchObject({ reference: 'A-1', status: 'STATUS_OPEN', version: 1 });
    expect(JSON.parse((await ask(...key, `${service}/Create`)).stdout).created).toEqual(created);
    expect(JSON.parse((await ask(`${service}/List`)).stdout)).toEqual({ items: [created] });
    const health = await ask('-d', `{"service":"${service}"}`, 'grpc.health.v1.Health/Check');
    expect(JSON.parse(health.stdout)).toEqual({ status: 'SERVING' });

    const missing = JSON.stringify({ id: '018f0000-0000-7000-8000-000000000000' });
    const unknown = await ask('-d', missing, `${service}/Get`);
    expect(unknown.stderr).toContain('Code: NotFound');
    const wrong = await ask('-d', '{"reference":""}', `${service}/Create`);
    expect(wrong.stderr).toContain('Code: InvalidArgument');
    // It knows the details by reflection, too.
    expect(wrong.stderr).toContain('"@type": "type.googleapis.com/google.rpc.BadRequest"');
    expect(wrong.stderr).toContain('"field": "reference"');
    const conflict = JSON.stringify({ id: created.id, version: 7 });
    expect((await ask('-d', conflict, `${service}/Delete`)).stderr).toContain('Code: Aborted');
  });
});

/** Starts a service, and returns how to ask it: arguments of grpcurl, the method last. */
async function startOrderItems() {
  const root = await temporaryFolder();
  const what = ['order-items', '--yes', '--datastore', 'none', '--protocol', 'grpc'];
  await cli([...what, '--cwd', root, '--no-install', '--no-git']);
  const folder = path.join(root, 'order-items');
  await link(folder, dependencies);
  const port = await freePort();
  const running = await RunningService.start(folder, { GRPC_PORT: String(port) });
  await running.waitFor('ready', 200);
  return (...args: readonly string[]) => {
    const isVerb = ['list', 'describe'].includes(args[0] ?? '');
    const options = isVerb ? [] : args.slice(0, -1);
    const rest = isVerb ? args : args.slice(-1);
    const all = ['-plaintext', '-max-time', '10', ...options, `127.0.0.1:${port}`, ...rest];
    return execa(grpcurl, all, { reject: false });
  };
}
