import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type BusServer, busServers } from '../support/buses.ts';
import { packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { servicesIn } from '../support/services.ts';
import { BusProcess } from './bus-process.ts';

/**
 * What becomes of events when somebody deletes what the bus has, or changes it, while services run. The
 * publisher does as an outbox does: it sends an event again until it is confirmed, and the next one after.
 */
let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

const slow = { timeout: 120_000 };
const create = { EVENTS_CREATE_TOPICS: 'true', EVENTS_PARTITIONS: '6' };
const message = (topic: string, key: string, body: string) => ({ topic, key, body, headers: {} });
const bodies = (service: BusProcess): Set<string> =>
  new Set(service.handled.map(({ body }) => body));
const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix} ${index}`);

describe.each(Object.entries(busServers))('%s', (bus, { available, create: createServer }) => {
  const onServer = test.skipIf(!available);
  let server: BusServer;
  let root: string;

  beforeAll(async () => {
    if (available) server = await createServer();
  });

  afterAll(() => server?.dispose());

  async function emit(): Promise<void> {
    root = await temporaryFolder();
    const choices = ['--style', 'async', '--datastore', 'none', '--bus', bus];
    await servicesIn(root, { orders: choices, billing: choices });
    for (const name of ['orders', 'billing']) await link(path.join(root, name), dependencies);
  }

  const start = (name: string, environment = {}) =>
    BusProcess.start(path.join(root, name), { ...create, ...server.environment, ...environment });

  async function administer(act: string, topic: string): Promise<void> {
    const node = path.join(packageRoot, 'node_modules/node/bin/node');
    const script = path.join(import.meta.dirname, 'administer.ts');
    const args = [script, path.join(root, 'orders'), bus, act, 'orders,billing', topic];
    await execa(node, args, { env: server.environment, stdin: 'ignore' });
  }

  function topics() {
    const topic = `orders.t-${randomUUID()}.v1`;
    const deadLetters = `orders.d-${randomUUID()}`;
    return { topic, all: { events: [topic], consumed: [topic], deadLetters } };
  }

  async function consume(service: BusProcess, topic: string): Promise<void> {
    await vi.waitFor(() => service.do('consume', [topic], { kind: 'handle' }), 30_000);
  }

  /** Publishes each event until it is confirmed. */
  async function publishAll(publisher: BusProcess, topic: string, wanted: readonly string[]) {
    for (const body of wanted)
      await vi.waitFor(() => publisher.do('publish', [message(topic, body, body)]), {
        timeout: 60_000,
        interval: 200,
      });
  }

  async function expectHandled(services: readonly BusProcess[], wanted: readonly string[]) {
    await vi.waitFor(
      () => {
        for (const service of services)
          expect([...bodies(service)]).toEqual(expect.arrayContaining([...wanted]));
      },
      { timeout: 60_000, interval: 100 },
    );
  }

  const acts = bus === 'rabbitmq' ? ['wipe', 'delete-queues'] : ['wipe'];
  onServer.each(acts)(
    'what is confirmed after a %s of what the bus had arrives',
    slow,
    async (act) => {
      await emit();
      const { topic, all } = topics();
      const [orders, billing] = await Promise.all([start('orders'), start('billing')]);
      for (const service of [orders, billing]) {
        await service.do('connect', {
          ...all,
          deadLetters: `${all.deadLetters}-${service === orders}`,
        });
        await consume(service, topic);
      }
      const before = numbered('before', 20);
      await publishAll(orders, topic, before);
      await expectHandled([orders, billing], before);

      await administer(act, topic);
      const after = numbered('after', 20);
      await publishAll(orders, topic, after);
      await expectHandled([orders, billing], after);
      for (const service of [orders, billing])
        await vi.waitFor(() => service.do('check'), { timeout: 30_000, interval: 200 });
    },
  );

  if (bus === 'kafka' || bus === 'nats')
    onServer('partitions that are added are read', slow, async () => {
      await emit();
      const { topic, all } = topics();
      const [first, second] = await Promise.all([start('orders'), start('orders')]);
      for (const service of [first, second]) {
        await service.do('connect', all);
        await consume(service, topic);
      }
      await administer('add-partitions', topic);
      const publisher = await start('billing');
      const wanted = numbered('added', 200);
      await publishAll(publisher, topic, wanted);
      await vi.waitFor(
        () =>
          expect(new Set([...bodies(first), ...bodies(second)]).size).toBeGreaterThanOrEqual(
            wanted.length,
          ),
        { timeout: 60_000, interval: 100 },
      );
    });
});
