import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
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

const strangled = ['--from', 'monolith', '--from-path', '/monolith', '--to', 'orders'];

/** A gateway, a monolith and a service, emitted beside each other. */
async function systemIn(root: string): Promise<string> {
  await servicesIn(root, {
    monolith: ['--datastore', 'none'],
    orders: ['--datastore', 'none'],
    gateway: ['--kind', 'gateway'],
  });
  for (const name of ['monolith', 'orders', 'gateway'])
    await link(path.join(root, name), dependencies);
  const gateway = path.join(root, 'gateway');
  await run(['add', 'strangler', '/api/orders', ...strangled, '--public', 'yes', '--yes'], gateway);
  return gateway;
}

async function run(args: readonly string[], cwd: string): Promise<void> {
  const { exitCode, stderr } = await cli(args, { cwd });
  expect(exitCode, stderr).toBe(0);
}

/** A rules file in a folder that changes as a mounted ConfigMap does. */
async function mountedRules(root: string) {
  const folder = path.join(root, 'mounted');
  const file = path.join(folder, 'strangler.json');
  await fs.mkdir(folder);
  await fs.symlink('..data/strangler.json', file);
  let version = 0;
  const publish = async (rule: object): Promise<void> => {
    version += 1;
    const data = path.join(folder, `..${version}`);
    await fs.mkdir(data);
    await fs.writeFile(
      path.join(data, 'strangler.json'),
      JSON.stringify({ '/api/orders': { caller: { header: 'x-customer' }, ...rule } }),
    );
    await fs.symlink(`..${version}`, path.join(folder, '..data_tmp'));
    await fs.rename(path.join(folder, '..data_tmp'), path.join(folder, '..data'));
    await fs.rm(path.join(folder, `..${version - 1}`), { recursive: true, force: true });
  };
  return { file, publish };
}

/** Starts a service that has one thing, by which its answers are known. */
async function startSide(root: string, name: string): Promise<RunningService> {
  const side = await RunningService.start(path.join(root, name), {});
  await side.waitFor('ready', 200);
  const { status } = await fetch(`${side.url}/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reference: name }),
  });
  expect(status).toBe(201);
  return side;
}

/** Customers who ask without a pause; each is another one, and each answer is looked at. */
function startLoad(first: string) {
  const load = { url: first, answers: { monolith: 0, orders: 0 }, failures: [] as string[] };
  let done = false;
  const customer = async (worker: number): Promise<void> => {
    for (let index = 0; !done; index += 1) {
      const answer = await fetch(`${load.url}/api/orders`, {
        headers: { 'x-customer': `${worker}-${index}` },
      });
      const text = await answer.text();
      const side = /"reference":"(monolith|orders)"/.exec(text)?.[1];
      if (answer.status === 200 && (side === 'monolith' || side === 'orders'))
        load.answers[side] += 1;
      else load.failures.push(`${answer.status} ${text}`);
    }
  };
  const customers = Promise.all(Array.from({ length: 8 }, (_, worker) => customer(worker)));
  const stop = async (): Promise<void> => {
    done = true;
    await customers;
  };
  /** The answers of some time. */
  const next = async (count: number) => {
    const { monolith, orders } = load.answers;
    await vi.waitFor(
      () => {
        const more = load.answers.monolith + load.answers.orders - monolith - orders;
        if (more < count) throw new Error(`${more} answers, ${load.failures.join()}`);
      },
      { timeout: 30_000, interval: 20 },
    );
    return {
      monolith: load.answers.monolith - monolith,
      orders: load.answers.orders - orders,
    };
  };
  return { load, stop, next };
}

async function metric(service: RunningService, sample: string): Promise<number> {
  const text = await (await fetch(service.metricsUrl)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${sample} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}

test('a route moves from a monolith to a service while requests run, and none is lost, to the end', {
  timeout: 240_000,
}, async () => {
  const root = await temporaryFolder();
  const folder = await systemIn(root);
  const rules = await mountedRules(root);
  const monolith = await startSide(root, 'monolith');
  const orders = await startSide(root, 'orders');
  await rules.publish({ percentage: 0, shadow: { percentage: 100, ignore: ['/items', '/next'] } });
  const environment = { ORDERS_URL: orders.url, LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '0' };
  const gateway = await RunningService.start(folder, {
    ...environment,
    MONOLITH_URL: monolith.url,
    STRANGLER_RULES: rules.file,
    STRANGLER_RULES_INTERVAL_MS: '100',
  });
  await gateway.waitFor('ready', 200);
  const { load, stop, next } = startLoad(gateway.url);
  expect(await next(200)).toMatchObject({ orders: 0 });
  const shadows = 'strangler_shadows_total{route="/api/orders",result="match"}';
  await vi.waitFor(async () => expect(await metric(gateway, shadows)).toBeGreaterThan(0), 10_000);

  for (const percentage of [1, 10, 50, 100]) {
    await rules.publish({ percentage });
    const inForce = 'strangler_percentage{route="/api/orders"}';
    await vi.waitFor(async () => expect(await metric(gateway, inForce)).toBe(percentage), 10_000);
    // Those that were on their way when the rule changed.
    await next(8);
    const { monolith: old, orders: fresh } = await next(600);
    const share = (fresh / (old + fresh)) * 100;
    expect(Math.abs(share - percentage), `${share} %`).toBeLessThan(percentage === 100 ? 0.01 : 8);
  }

  await fs.writeFile(
    path.join(folder, 'strangler.json'),
    JSON.stringify({ '/api/orders': { percentage: 100 } }),
  );
  await run(['remove', 'strangler', '/api/orders'], folder);
  monolith.child.kill('SIGTERM');
  expect(await monolith.exited).toBe(0);
  const after = await RunningService.start(folder, environment);
  await after.waitFor('ready', 200);
  load.url = after.url;
  expect(await next(200)).toMatchObject({ monolith: 0 });
  await stop();
  gateway.child.kill('SIGTERM');
  expect(await gateway.exited).toBe(0);
  expect(load.failures).toEqual([]);
});

test('a gateway with a strangler is type-checked, lints clean and passes its tests, and so it does without', {
  timeout: 300_000,
}, async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { gateway: ['--kind', 'gateway'] });
  const folder = path.join(root, 'gateway');
  await link(folder, dependencies);
  await run(['add', 'strangler', '/api/orders', ...strangled, '--yes'], folder);
  await expectScript(folder, 'typecheck');
  await expectScript(folder, 'lint');
  await expectScript(folder, 'test', ['test/routes', 'test/config']);
  await fs.writeFile(
    path.join(folder, 'strangler.json'),
    JSON.stringify({ '/api/orders': { percentage: 100 } }),
  );
  await run(['remove', 'strangler', '/api/orders'], folder);
  await expectScript(folder, 'typecheck');
  await expectScript(folder, 'lint');
  await expectScript(folder, 'test', ['test/routes', 'test/config']);
});
