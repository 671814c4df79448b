import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Message } from '../../chassis/src/events/bus/bus.ts';
import { busServers } from '../support/buses.ts';
import { cli } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { BusProcess } from './bus-process.ts';
import type { Behaviour } from './worker.ts';

/**
 * What the port `EventBus` of `service-chassis/events` promises, of every adapter against its real server, and of
 * the in-process bus as far as one process can show it.
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

describe.each([
  ...Object.entries(busServers).map(([bus, { available }]) => ({ bus, real: true, available })),
  { bus: 'in-process', real: false, available: true },
])('$bus', ({ bus, real, available }) => {
  let server: Awaited<ReturnType<(typeof busServers)[string]['create']>> | undefined;
  let orders: string;
  let billing: string;

  beforeAll(async () => {
    if (!available) return;
    const value = real ? bus : 'kafka';
    [orders, billing] = await Promise.all([emitted('orders', value), emitted('billing', value)]);
    server = real ? await busServers[bus]?.create() : undefined;
  });

  afterAll(() => server?.dispose());

  function instance(
    folder = orders,
    environment: Record<string, string> = {},
  ): Promise<BusProcess> {
    const create = {
      EVENTS_CREATE_TOPICS: 'true',
      EVENTS_PARTITIONS: '6',
      KAFKA_BROKERS: 'none:1',
    };
    return BusProcess.start(
      folder,
      { ...create, ...server?.environment, ...environment },
      real ? 'real' : 'in-process',
    );
  }

  const one = test.skipIf(!available);
  /** What takes more than one process is no question to the in-process bus. */
  const several = (...args: Parameters<typeof one>): void => void (real && one(...args));
  const slow = { timeout: 120_000 };

  one('delivers what was published, whole: key, body and headers', slow, async () => {
    const { topic, all } = topics();
    const service = await instance();
    await service.do('connect', all);
    await consume(service, [topic], { kind: 'handle' });
    const large = 'x'.repeat(900_000);
    const sent = ['{"a":1}', '', 'ünï ✓', large].map((body) => message(topic, 'key', body));
    await service.do('publish', sent);
    await waitFor(() => expect(service.handled).toHaveLength(sent.length));
    expect(service.handled).toEqual(sent.map((one) => expect.objectContaining(one)));
  });

  one('keeps the bytes of what is no UTF-8, on the way and as a dead letter', slow, async () => {
    const { topic, all } = topics();
    const service = await instance();
    await service.do('connect', all);
    await consume(service, [topic], { kind: 'handle' });
    const every = Buffer.from(numbers(256));
    const sent = [every, Buffer.from('caf\xe9', 'latin1'), Buffer.from([0xe2, 0x82])].map(
      (bytes) => ({
        ...message(topic, 'key', bytes.toString()),
        base64: bytes.toString('base64'),
      }),
    );
    await service.do('publish', sent);
    await waitFor(() => expect(service.handled).toHaveLength(sent.length));
    expect(service.handled).toEqual(sent.map((one) => expect.objectContaining(one)));
    const letters = sent.map((one, index) => ({ ...one, topic: all.deadLetters, key: `${index}` }));
    await service.do('publish', letters);
    const kept = await service.do('letters', all.deadLetters);
    expect(kept.map(({ base64 }) => base64)).toEqual(sent.map(({ base64 }) => base64));
  });

  several('holds few of the largest messages, however many wait', slow, async () => {
    const { topic, all } = topics();
    const service = await instance(orders, { EVENTS_PARTITIONS: '12' });
    await service.do('connect', all);
    const large = 'x'.repeat(1_000_000);
    for (let round = 0; round < 50; round += 1)
      await service.do(
        'publish',
        numbers(8).map((index) => message(topic, `${round * 8 + index}`, large)),
      );
    await service.do('close');
    const reader = await instance(orders, { EVENTS_PARTITIONS: '12' });
    await reader.do('connect', all);
    const before = (await reader.do('memory')).held;
    await consume(reader, [topic], { kind: 'hang' });
    let most = 0;
    for (let look = 0; look < 60; look += 1) {
      most = Math.max(most, (await reader.do('memory')).held - before);
      await delay(200);
    }
    // 32 MiB of bodies, each as bytes and as text, and what the bus reads ahead; the manifest's limit is 512.
    expect(most).toBeLessThan(200_000_000);
    await reader.kill();
    const heir = await instance(orders, { EVENTS_PARTITIONS: '12' });
    await heir.do('connect', all);
    await consume(heir, [topic], { kind: 'handle' });
    await waitFor(() => expect(new Set(heir.given.map(({ key }) => key)).size).toBe(400));
  });

  several('consumes topics that came later beside those that it had', slow, async () => {
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

  one('keeps the order of each key while keys are handled side by side', slow, async () => {
    const { topic, all } = topics();
    const service = await instance();
    await service.do('connect', all);
    await consume(service, [topic], { kind: 'random', ms: 10 });
    await service.do('publish', keyed(topic, 20, 15));
    await waitFor(() => expect(service.handled).toHaveLength(300));
    expectOrder([service], 20, 15);
    expect((await service.do('memory')).most).toBeGreaterThan(1);
  });

  one(
    'brings a message again whose handling failed, before the next of its key',
    slow,
    async () => {
      const { topic, all } = topics();
      const service = await instance();
      await service.do('connect', all);
      await consume(service, [topic], { kind: 'reject', body: 'b', times: 2 });
      await service.do(
        'publish',
        ['a', 'b', 'c'].map((body) => message(topic, 'key', body)),
      );
      await waitFor(() =>
        expect(new Set(bodies(service.handled))).toEqual(new Set(['a', 'b', 'c'])),
      );
      expect(bodies(service.given).filter((body) => body === 'b')).toHaveLength(3);
      expect(bodies(service.given).indexOf('c')).toBeGreaterThan(
        bodies(service.given).lastIndexOf('b'),
      );
    },
  );

  one('lets a message that hangs hold up no other key', slow, async () => {
    const { topic, all } = topics();
    const service = await instance();
    await service.do('connect', all);
    await consume(service, [topic], { kind: 'hang', body: 'hangs' });
    await service.do('publish', [message(topic, 'bad', 'hangs'), ...keyed(topic, 100, 5)]);
    await waitFor(() => expect(service.handled).toHaveLength(500));
    expectOrder([service], 100, 5);
  });

  one('lets an aggregate with hundreds of events that wait hold up no other', slow, async () => {
    const { topic, all } = topics();
    const service = await instance();
    await service.do('connect', all);
    await consume(service, [topic], { kind: 'hang', body: 'hangs' });
    const hot = numbers(700).map((index) => message(topic, 'hot', `hot ${index}`));
    await service.do('publish', [message(topic, 'hot', 'hangs'), ...hot]);
    await service.do('publish', keyed(topic, 100, 1));
    await waitFor(() => expect(service.handled.length).toBeGreaterThanOrEqual(100));
    expectOrder([service], 100, 1);
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
    if (real) for (let round = 0; round < 20; round += 1) await service.do('publish', batch);
    const before = (await service.do('memory')).rss;
    await consume(service, [topic], { kind: 'slow', ms: 5 });
    if (!real) await service.do('publish', batch);
    await waitFor(() => expect(service.handled.length).toBeGreaterThan(700));
    const { rss, most } = await service.do('memory');
    // Sixteen for each that may be handled at once, which is what EVENTS_CONCURRENCY says.
    expect(most).toBeLessThanOrEqual(real ? 64 : 256);
    expect(rss - before).toBeLessThan(100_000_000);
  });

  one('keeps dead letters until each is removed', slow, async () => {
    const { topic, all } = topics();
    const service = await instance();
    await service.do('connect', all);
    expect(await service.do('letters', all.deadLetters)).toEqual([]);
    await service.do(
      'publish',
      ['1', '2', '3'].map((key) => message(all.deadLetters, key, `letter ${key}`)),
    );
    const keys = async () => (await service.do('letters', all.deadLetters)).map(({ key }) => key);
    expect(await keys()).toEqual(['1', '2', '3']);
    await service.do('removeLetter', all.deadLetters, '2');
    expect(await keys()).toEqual(['1', '3']);
    await service.do('publish', [
      message(all.deadLetters, '4', 'letter 4'),
      message(topic, 'k', ''),
    ]);
    expect(await keys()).toEqual(['1', '3', '4']);
    for (const key of await keys()) await service.do('removeLetter', all.deadLetters, key);
    expect(await keys()).toEqual([]);
  });

  one('tells how far behind the service is', slow, async () => {
    const { topic, all } = topics();
    const service = await instance();
    await service.do('connect', all);
    await consume(service, [topic], { kind: 'slow', ms: 700 });
    const lag = async () => new Map(await service.do('lag')).get(topic) ?? 0;
    await service.do(
      'publish',
      numbers(30)
        .map((index) => message(topic, 'key', `${index}`))
        .slice(0, 4),
    );
    await vi.waitFor(async () => expect(await lag()).toBeGreaterThan(0), 10_000);
    await vi.waitFor(async () => expect(await lag()).toBe(0), 30_000);
    expect(service.handled).toHaveLength(4);
  });

  several('hands each message to every service that wants it', slow, async () => {
    const { topic, all } = topics();
    const [first, second] = await Promise.all([instance(orders), instance(billing)]);
    for (const service of [first, second]) {
      await service.do('connect', all);
      await consume(service, [topic], { kind: 'handle' });
    }
    await first.do('publish', keyed(topic, 5, 4));
    for (const service of [first, second])
      await waitFor(() => expect(service.handled).toHaveLength(20));
  });

  several('shares the messages among instances, each once and in order', slow, async () => {
    const { topic, all } = topics();
    const [first, second] = await Promise.all([instance(), instance()]);
    // Both find that the topics are missing, and create them.
    await Promise.all([first, second].map((service) => service.do('connect', all)));
    for (const service of [first, second])
      await consume(service, [topic], { kind: 'random', ms: 10 });
    // Once each has had something, the sharing has settled.
    for (let round = 0; first.given.length === 0 || second.given.length === 0; round += 1) {
      expect(round).toBeLessThan(200);
      await first.do(
        'publish',
        numbers(30).map((key) => message(topic, `warm ${key}`, 'warm')),
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await first.do('publish', keyed(topic, 30, 10));
    const all300 = () =>
      [...first.handled, ...second.handled].filter(({ body }) => body !== 'warm');
    await waitFor(() => expect(all300()).toHaveLength(300));
    expect(new Set(bodies(all300())).size).toBe(300);
    expectOrder([first, second], 30, 10);
    for (const { handled } of [first, second]) expect(handled.length).toBeGreaterThan(0);
  });

  several(
    'reads on when another came and left while a message was in the works',
    slow,
    async () => {
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
    },
  );

  several('brings what an instance that was killed had not handled', slow, async () => {
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

  several(
    'ends with nothing half done, and leaves the rest to the next instance',
    slow,
    async () => {
      const { topic, all } = topics();
      const stopping = await instance(orders, { EVENTS_CONCURRENCY: '4' });
      await stopping.do('connect', all);
      await consume(stopping, [topic], { kind: 'slow', ms: 50 });
      await stopping.do('publish', keyed(topic, 40, 3));
      await waitFor(() => expect(stopping.handled.length).toBeGreaterThan(5));
      await stopping.do('stopConsuming');
      expect(stopping.handled).toHaveLength(stopping.given.length);
      await stopping.do('close');
      const next = await instance();
      await next.do('connect', all);
      await consume(next, [topic], { kind: 'handle' });
      const both = () => new Set(bodies([...stopping.handled, ...next.handled]));
      await waitFor(() => expect(both().size).toBe(120));
      const again = next.handled.filter(({ body }) => bodies(stopping.handled).includes(body));
      expect(again).toEqual([]);
    },
  );

  several('goes on by itself after the server was killed and came back', slow, async () => {
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

  several('says so when the server is down, and connects when it is there', slow, async () => {
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

  several('names the topics that are missing where it may not create them', slow, async () => {
    const { topic, all } = topics();
    const service = await instance(orders, { EVENTS_CREATE_TOPICS: 'false' });
    await expect(service.do('connect', all)).rejects.toThrow(topic);
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
