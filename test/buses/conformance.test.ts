import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Message } from '../../chassis/src/events/bus/bus.ts';
import { type BusServer, busServers } from '../support/buses.ts';
import { cli } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { BusProcess } from './bus-process.ts';
import type { Behaviour } from './worker.ts';

/**
 * What the port `EventBus` of `service-chassis/events` promises, as far as it takes processes of their own to find
 * out: their memory, their deaths, and those of the server. The rest is `service-chassis/bus-checks`,
 * which `chassis/test/repository/buses.test.ts` runs on the same servers.
 */
let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

/** An emitted service with events on a bus, its dependencies linked. */
async function emitted(name: string, bus: string): Promise<string> {
  const root = path.join(dependencies.folder, '../..');
  const cwd = await fs.mkdtemp(path.join(root, 'bus-'));
  const { exitCode, stderr } = await cli([
    ...[name, '--yes', '--style', 'async', '--datastore', 'none', '--bus', bus],
    ...['--cwd', cwd, '--no-install', '--no-git'],
  ]);
  expect(exitCode, stderr).toBe(0);
  const folder = path.join(cwd, name);
  await fs.symlink(dependencies.folder, path.join(folder, 'node_modules'));
  return folder;
}

function message(topic: string, key: string, body: string): Message {
  return {
    topic,
    key,
    body,
    headers: { 'content-type': 'text/plain', traceparent: '00-ab-cd-01' },
  };
}

const bodies = (messages: readonly Message[]): string[] => messages.map(({ body }) => body);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Names that nothing else uses, so that tests share a server. */
function topics() {
  const topic = `orders.t-${randomUUID()}.v1`;
  const deadLetters = `orders.d-${randomUUID()}`;
  return { topic, all: { events: [topic], consumed: [topic], deadLetters } };
}

/** As a service does it at its start, again and again: not every broker knows a new topic at once. */
async function consume(
  service: BusProcess,
  topics: readonly string[],
  behaviour: Behaviour,
): Promise<void> {
  await vi.waitFor(() => service.do('consume', topics, behaviour), {
    timeout: 30_000,
    interval: 200,
  });
}

async function waitFor(check: () => void, timeout = 60_000): Promise<void> {
  await vi.waitFor(check, { timeout, interval: 50 });
}

describe.each(Object.entries(busServers))('%s', (bus, { available, create: createServer }) => {
  let server: BusServer | undefined;
  let orders: string;
  let billing: string;

  beforeAll(async () => {
    if (!available) return;
    [orders, billing] = await Promise.all([emitted('orders', bus), emitted('billing', bus)]);
    server = await createServer();
  });

  afterAll(() => server?.dispose());

  function instance(
    folder = orders,
    environment: Record<string, string> = {},
  ): Promise<BusProcess> {
    const create = { EVENTS_CREATE_TOPICS: 'true', EVENTS_PARTITIONS: '6' };
    return BusProcess.start(folder, { ...create, ...server?.environment, ...environment });
  }

  const one = test.skipIf(!available);
  const slow = { timeout: 120_000 };

  one('holds few of the largest messages, however many wait', slow, async () => {
    const { topic, all } = topics();
    const service = await instance(orders, { EVENTS_PARTITIONS: '12' });
    await service.do('connect', all);
    // More than may be held, whether as bytes or as text.
    await service.do('fill', topic, 240, 1_000_000);
    await service.do('close');
    const reader = await instance(orders, { EVENTS_PARTITIONS: '12' });
    await reader.do('connect', all);
    const before = (await reader.do('memory')).held;
    await consume(reader, [topic], { kind: 'hang' });
    let most = 0;
    for (let look = 0; look < 20; look += 1) {
      most = Math.max(most, (await reader.do('memory')).held - before);
      await delay(300);
    }
    // 32 MiB of bodies, each as bytes and as text, and what the bus reads ahead; the manifest's limit is 512.
    expect(most).toBeLessThan(200_000_000);
    await reader.kill();
    const heir = await instance(orders, { EVENTS_PARTITIONS: '12' });
    await heir.do('connect', all);
    await consume(heir, [topic], { kind: 'handle' });
    await waitFor(() => expect(new Set(heir.given.map(({ key }) => key)).size).toBe(240));
  });

  one('consumes topics that came later beside those that it had', slow, async () => {
    const [first, second] = [topics(), topics()];
    const consumer = await instance(billing);
    await consumer.do('connect', first.all);
    expect(await consumer.do('missing', [first.topic])).toEqual([]);
    await consume(consumer, [first.topic], { kind: 'handle' });
    const publisher = await instance();
    await publisher.do('connect', { ...second.all, consumed: [] });
    await vi.waitFor(async () =>
      expect(await consumer.do('missing', [first.topic, second.topic])).toEqual([]),
    );
    await consume(consumer, [second.topic], { kind: 'handle' });
    await vi.waitFor(() => consumer.do('check'), 30_000);
    for (const { topic } of [first, second])
      await publisher.do('publish', keyed(topic, 20, 3)).catch(() => undefined);
    await waitFor(() => expect(consumer.handled).toHaveLength(120));
    for (const { topic } of [first, second])
      expect(consumer.handled.filter((one) => one.topic === topic)).toHaveLength(60);
  });

  one('keeps the order of messages that become larger and smaller by far', slow, async () => {
    const { topic, all } = topics();
    const service = await instance();
    await service.do('connect', all);
    await consume(service, [topic], { kind: 'handle' });
    for (const round of numbers(6)) {
      const padding = 'x'.repeat(round % 2 === 0 ? 10 : 300_000);
      const sent = numbers(20).map((index) => {
        const [key, place] = [index % 4, round * 5 + Math.floor(index / 4)];
        return message(topic, `${key}`, `${key}:${`${place}`.padStart(2, '0')} ${padding}`);
      });
      await service.do('publish', sent);
    }
    await waitFor(() => expect(service.handled).toHaveLength(120));
    for (const key of numbers(4)) {
      const places = bodies(service.handled)
        .filter((body) => body.startsWith(`${key}:`))
        .map((body) => Number(body.slice(2, 4)));
      expect(places).toEqual(numbers(30));
    }
  });

  one('holds back what a slow handler cannot take, in little memory', slow, async () => {
    const { topic, all } = topics();
    const service = await instance(orders, { EVENTS_CONCURRENCY: '4' });
    await service.do('connect', all);
    const batch = numbers(1000).map((index) => message(topic, `${index}`, 'x'.repeat(2000)));
    for (let round = 0; round < 20; round += 1) await service.do('publish', batch);
    const before = (await service.do('memory')).rss;
    await consume(service, [topic], { kind: 'slow', ms: 5 });
    await waitFor(() => expect(service.handled.length).toBeGreaterThan(700));
    const { rss, most } = await service.do('memory');
    // Sixteen for each that may be handled at once, which is what EVENTS_CONCURRENCY says.
    expect(most).toBeLessThanOrEqual(64);
    expect(rss - before).toBeLessThan(100_000_000);
  });

  one('reads on when another came and left while a message was in the works', slow, async () => {
    const { topic, all } = topics();
    const [staying, passing] = await Promise.all([instance(), instance()]);
    for (const service of [staying, passing]) await service.do('connect', all);
    await consume(staying, [topic], { kind: 'slow', ms: 8000, body: 'long' });
    // Of every partition some.
    const round = (body: string) => numbers(30).map((key) => message(topic, `${key}`, body));
    await staying.do('publish', round('long'));
    await waitFor(() => expect(staying.given.length).toBeGreaterThanOrEqual(30));
    await consume(passing, [topic], { kind: 'handle' });
    // Long enough to begin giving it its share, and not to finish what is in the works.
    await delay(2500);
    await passing.do('stopConsuming');
    await passing.do('close');
    await staying.do('publish', round('after'));
    const after = () => staying.handled.filter(({ body }) => body === 'after');
    await waitFor(() => expect(new Set(after().map(({ key }) => key)).size).toBe(30));
  });

  one('brings what an instance that was killed had not handled', slow, async () => {
    const { topic, all } = topics();
    const killed = await instance();
    await killed.do('connect', all);
    await consume(killed, [topic], { kind: 'hang' });
    await killed.do('publish', keyed(topic, 10, 3));
    await waitFor(() => expect(killed.given.length).toBeGreaterThan(0));
    await killed.kill();
    const heir = await instance();
    await heir.do('connect', all);
    await consume(heir, [topic], { kind: 'handle' });
    await waitFor(() => expect(new Set(bodies(heir.handled)).size).toBe(30));
    expectOrder([heir], 10, 3);
    // What it had in the works may be what it died of.
    const marked = bodies(heir.given.filter(({ redelivered }) => redelivered === true));
    expect(marked).toEqual(expect.arrayContaining(bodies(killed.given)));
    await heir.do('publish', [message(topic, 'new', 'new')]);
    await waitFor(() => expect(bodies(heir.handled)).toContain('new'));
    expect(heir.given.find(({ body }) => body === 'new')?.redelivered).not.toBe(true);
  });

  one('goes on by itself after the server was killed and came back', slow, async () => {
    const { topic, all } = topics();
    const service = await instance();
    await service.do('connect', all);
    await consume(service, [topic], { kind: 'slow', ms: 20 });
    await service.do('publish', keyed(topic, 20, 5));
    await waitFor(() => expect(service.handled.length).toBeGreaterThan(3));
    await server?.stop();
    await vi.waitFor(() => expect(service.do('check')).rejects.toThrow(), 20_000);
    await server?.start();
    await vi.waitFor(() => service.do('check'), { timeout: 60_000, interval: 200 });
    await service.do('publish', [message(topic, 'after', 'after')]);
    await waitFor(() => expect(new Set(bodies(service.handled)).size).toBe(101));
  });

  one('says so when the server is down, and connects when it is there', slow, async () => {
    const { all } = topics();
    await server?.stop();
    const service = await instance();
    const started = performance.now();
    await expect(service.do('connect', all)).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(15_000);
    await server?.start();
    await vi.waitFor(() => service.do('connect', all), { timeout: 60_000, interval: 200 });
    await service.do('check');
  });
});

/** So many messages of each of so many keys; a body says its key and its place among the key's. */
function keyed(topic: string, keys: number, each: number): Message[] {
  return numbers(each).flatMap((place) =>
    numbers(keys).map((key) => message(topic, `${key}`, `${key}:${place}`)),
  );
}

/** Each key's messages were all handled, and for the first time in order, whoever handled them. */
function expectOrder(services: readonly BusProcess[], keys: number, each: number): void {
  const handled = services
    .flatMap(({ handledAt }) => [...handledAt])
    .sort(([, a], [, b]) => (a < b ? -1 : 1))
    .map(([{ body }]) => body);
  for (const key of numbers(keys)) {
    const ofKey = [...new Set(handled)].filter((body) => body.startsWith(`${key}:`));
    expect(ofKey).toEqual(numbers(each).map((place) => `${key}:${place}`));
  }
}
