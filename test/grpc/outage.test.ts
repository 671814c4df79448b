import { once } from 'node:events';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { cli, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { freePort } from '../support/ports.ts';
import { RunningService } from '../support/running-service.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
}, 300_000);

afterAll(() => dependencies.dispose());

const unavailable = '14';
/** `CreateRequest` with the reference `never`, as it is sent: a flag, its length, itself. */
const request = Buffer.from('\0\0\0\0\x07\n\x05never');

/** Makes a call by hand, and returns the status that it ends with. */
async function create(port: number): Promise<IncomingHttpHeaders> {
  const session = connect(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const call = session.request({
    ...{ ':method': 'POST', ':path': '/orders.v1.OrderService/Create' },
    ...{ te: 'trailers', 'content-type': 'application/grpc' },
  });
  const status: IncomingHttpHeaders = {};
  for (const event of ['response', 'trailers'])
    call.on(event, (headers: IncomingHttpHeaders) => Object.assign(status, headers));
  call.resume();
  call.end(request);
  await once(call, 'close');
  return status;
}

test.each([
  ['postgres', 'postgres://orders@127.0.0.1:1/orders'],
  ['mysql', 'mysql://orders@127.0.0.1:1/orders'],
  ['mongodb', 'mongodb://127.0.0.1:1/orders'],
])(
  'without %s a service is UNAVAILABLE over gRPC, and says when to ask again',
  { timeout: 60_000 },
  async (datastore, address) => {
    const root = await temporaryFolder();
    const what = ['orders', '--yes', '--datastore', datastore, '--protocol', 'grpc'];
    await cli([...what, '--cwd', root, '--no-install', '--no-git']);
    const folder = path.join(root, 'orders');
    await link(folder, dependencies);
    const port = await freePort();
    const service = await RunningService.start(folder, {
      ...{ GRPC_PORT: String(port), DATABASE_URL: address },
      DATABASE_CONNECT_TIMEOUT_MS: '500',
    });
    await service.waitFor('live', 200);
    const status = await create(port);
    expect(status['grpc-status'], service.output).toBe(unavailable);
    const details = Buffer.from(String(status['grpc-status-details-bin']), 'base64');
    expect(details.toString('latin1')).toContain('google.rpc.RetryInfo');
    expect(status['grpc-message']).not.toContain('127.0.0.1');
  },
);
