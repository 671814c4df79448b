import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { BusProcess } from '../buses/bus-process.ts';
import { request } from '../faults-of-others/events.ts';
import { emitOn, Subject } from '../stores/subject.ts';
import { busServers } from '../support/buses.ts';
import { temporaryFolder } from '../support/cli.ts';
import { CuttableProxy } from '../support/cuttable-proxy.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { haveServers, Servers } from '../support/servers.ts';
import { storeServers } from '../support/stores.ts';
import { throughProxy } from '../support/through-proxy.ts';

const servers = new Servers();
let dependencies: Awaited<ReturnType<typeof installedDependencies>>;
let databases = 0;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(async () => {
  await servers.dispose();
  await dependencies.dispose();
});

const emit = async (datastore: string, ...flags: string[]): Promise<string> =>
  emitOn(datastore, await temporaryFolder(), dependencies.folder, flags);

async function freshDatabase(datastore: string): Promise<Readonly<Record<string, string>>> {
  databases += 1;
  return (await (await servers.store(datastore))?.database(`budgets_${databases}`)) ?? {};
}

describe.each(Object.keys(storeServers))('%s', (datastore) => {
  const onServer = test.skipIf(!haveServers({ datastore }));

  if (storeServers[datastore]?.traits.remote)
    onServer('requests that all wait for the database take no instance out', async () => {
      const server = await servers.store(datastore);
      const proxy = await CuttableProxy.to(server?.port ?? 0);
      onTestFinished(() => proxy.dispose());
      const environment = await freshDatabase(datastore);
      const subject = await Subject.ready(
        await emit(datastore, '--style', 'sync'),
        throughProxy(environment, server?.port ?? 0, proxy.port),
      );
      proxy.silence(/from ["`]?orders|find.{5}orders/s);
      const reads = Array.from({ length: 15 }, () => subject.send('GET', '/orders'));
      await vi.waitFor(() => expect(proxy.silent).toBe(10), 10_000);
      // As long as a probe in a queue behind them would take to give up.
      for (let probes = 0; probes < 15; probes += 1) {
        expect(await subject.service.status('ready')).toBe(200);
        await delay(200);
      }
      proxy.mend();
      const statuses = (await Promise.all(reads)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 503)).toHaveLength(5);
    });

  onServer('a migration may take as long as it takes', async () => {
    const folder = await emit(datastore, '--style', 'sync');
    const file = path.join(folder, 'src/database/migrations/0009-long.ts');
    await fs.writeFile(file, longMigration);
    const release = path.join(folder, 'release');
    const environment = { ...(await freshDatabase(datastore)), RELEASE: release };
    const instances = [
      await Subject.start(folder, environment),
      await Subject.start(folder, environment),
    ];
    for (const { service } of instances) {
      await service.waitFor('live', 200);
      await delay(500);
      expect(await service.status('ready')).toBe(503);
      expect(await service.status('startup')).toBe(200);
    }
    await fs.writeFile(release, '');
    for (const { service } of instances) await service.waitFor('ready', 200);
    const applied = instances.filter(({ service }) => service.output.includes('"0009-long"'));
    expect(applied).toHaveLength(1);
  });
});

/** Each bus with one store, and each store that has an outbox with one bus. */
const pairs = [
  ...Object.keys(busServers).map((bus) => ({ bus, datastore: 'postgres' })),
  ...Object.entries(storeServers)
    .filter(([datastore, { traits }]) => traits.outbox && datastore !== 'postgres')
    .map(([datastore]) => ({ bus: 'nats', datastore })),
];

describe.each(pairs)('$bus with $datastore', ({ bus, datastore }) => {
  const onServers = test.skipIf(!haveServers({ bus, datastore }));

  onServers(
    'a bus that is away keeps no caller out, and its events go out later',
    { timeout: 120_000 },
    async () => {
      const broker = await servers.bus(bus);
      await broker.stop();
      const subject = await Subject.start(await emit(datastore, '--style', 'both', '--bus', bus), {
        ...(await freshDatabase(datastore)),
        ...broker.environment,
        EVENTS_CREATE_TOPICS: 'true',
      });
      await subject.service.waitFor('ready', 200);
      expect(await checksOf(subject)).toMatchObject({ bus: { status: 'starting' } });
      expect((await subject.create('early')).status).toBe(201);
      await broker.start();
      await subject.service.started();
      await expectPublished(subject);
      await broker.stop();
      // Others use it, too.
      onTestFinished(() => broker.start());
      const isDown = async () =>
        expect(await checksOf(subject)).toMatchObject({ bus: { status: 'down' } });
      await vi.waitFor(isDown, 30_000);
      expect(await subject.service.status('ready')).toBe(200);
      expect((await subject.create('late')).status).toBe(201);
    },
  );
});

test('limits that contradict each other end the start with one sentence that names both', async () => {
  const folder = await emit('none', '--style', 'sync');
  const limits = { SHUTDOWN_DRAIN_MS: '9000', SHUTDOWN_TIMEOUT_MS: '9000' };
  const { service } = await Subject.start(folder, limits);
  expect(await service.exited).toBe(1);
  expect(service.output).toMatch(/^ {2}- SHUTDOWN_DRAIN_MS .* less than .*SHUTDOWN_TIMEOUT_MS/m);
});

/** Statements that let nobody write to the service's table, though all may read it, and that end this. */
const locks: Readonly<Record<string, readonly [lock: string[], unlock: string]>> = {
  postgres: [['begin', 'lock table orders in share mode'], 'rollback'],
  mysql: [['lock tables orders read'], 'unlock tables'],
  sqlite: [['begin immediate'], 'commit'],
};

test.skipIf(!haveServers({ bus: 'nats' })).for(Object.entries(locks))(
  'handlers that all wait for %s keep no request waiting',
  { timeout: 120_000 },
  async ([datastore, [lock, unlock]], { skip }) => {
    if (!haveServers({ datastore })) skip();
    const [store, broker] = [await servers.store(datastore), await servers.bus('nats')];
    const folder = await emit(datastore, '--style', 'both', '--bus', 'nats');
    const environment = {
      ...(await freshDatabase(datastore)),
      ...broker.environment,
      EVENTS_CREATE_TOPICS: 'true',
      // The only one that requests have, if it is theirs.
      DATABASE_POOL_MAX: '1',
    };
    const subject = await Subject.ready(folder, environment);
    const publisher = await BusProcess.start(folder, environment);
    const session = await store?.session?.(`budgets_${databases}`);
    onTestFinished(() => session?.end());
    for (const statement of lock) await session?.query(statement);
    const mark = `${datastore} waits`;
    const keys = Array.from({ length: 16 }, (_, index) => `${mark} ${index}`);
    await publisher.do(
      'publish',
      keys.map((key) => request(key, key, key)),
    );
    await vi.waitFor(async () => expect(await lentConnections(subject)).toBeGreaterThan(0), 10_000);
    for (let reads = 0; reads < 20; reads += 1) {
      const begun = performance.now();
      expect((await subject.send('GET', '/orders')).status).toBe(200);
      expect(performance.now() - begun).toBeLessThan(1000);
    }
    await session?.query(unlock);
    // The bus may still have events of another test.
    const handled = async () =>
      (await subject.list()).filter(({ reference }) => reference.startsWith(mark));
    await vi.waitFor(async () => expect(await handled()).toHaveLength(keys.length), 30_000);
  },
);

/** Does not end before a file is there. */
const longMigration = `import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export async function up(): Promise<void> {
  while (!fs.existsSync(process.env.RELEASE ?? '')) await delay(50);
}
`;

/** Connections to the database that are in use, of whatever pool. */
async function lentConnections(subject: Subject): Promise<number> {
  const { text } = await subject.send('GET', '/metrics');
  const count = (state: string) => {
    const samples = text.matchAll(
      new RegExp(`^database_pool_connections{.*state="${state}".*} (\\d+)`, 'gm'),
    );
    return [...samples].reduce((sum, [, value]) => sum + Number(value), 0);
  };
  return count('open') - count('idle');
}

async function checksOf(subject: Subject): Promise<unknown> {
  return JSON.parse((await subject.send('GET', '/health/ready')).text).checks;
}

async function expectPublished(subject: Subject): Promise<void> {
  await vi.waitFor(
    async () => {
      const { text } = await subject.send('GET', '/metrics');
      expect(text).toContain('events_published_total{type="orders.order-created.v1"} 1');
      expect(text).toContain('outbox_events 0');
    },
    { timeout: 40_000, interval: 200 },
  );
}
