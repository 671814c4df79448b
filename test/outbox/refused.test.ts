import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Subject } from '../stores/subject.ts';
import { packageRoot } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript } from '../support/emitted.ts';
import { haveServers, Servers } from '../support/servers.ts';
import {
  createTopics,
  emitOutboxService,
  expectMetric,
  listenTo,
  metricsOf,
  notedType,
  otherType,
  publish,
  textsHeard,
} from './outbox-service.ts';

const servers = new Servers();
let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(async () => {
  await servers.dispose();
  await dependencies.dispose();
});

/** A service and a listener, and what changes the broker that they share. */
async function start(name: string, datastore: string, bus: string) {
  const server = await servers.bus(bus);
  const store = await servers.store(datastore);
  const environment = {
    ...(await store?.database(`${name}_${datastore}_${bus}`)),
    ...server.environment,
    EVENTS_CREATE_TOPICS: 'false',
    EVENTS_PARTITIONS: '3',
  };
  const folder = await emitOutboxService(datastore, bus, dependencies.folder);
  await createTopics(folder, environment);
  const service = await Subject.ready(folder, environment);
  const listener = await listenTo(bus, dependencies.folder, {
    ...environment,
    EVENTS_CREATE_TOPICS: 'true',
  });
  const broker = async (...change: readonly string[]): Promise<void> => {
    const node = path.join(packageRoot, 'node_modules/node/bin/node');
    const env = { PATH: process.env.PATH ?? '', ...environment };
    await execa(node, ['broker/main.ts', bus, ...change], { cwd: folder, env });
  };
  return { folder, environment, service, listener, broker };
}

const texts = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index}`);

/** The pauses that the log speaks of, in milliseconds. */
function pausesIn({ service }: Subject): number[] {
  return [...service.output.matchAll(/"pauseMs":(\d+).*takes no events of this topic/g)].map(
    ([, pause]) => Number(pause),
  );
}

const places = [
  ...['mysql', 'mongodb'].map((datastore) => ({ datastore, bus: 'nats' })),
  ...['nats', 'redis', 'rabbitmq', 'kafka'].map((bus) => ({ datastore: 'postgres', bus })),
];

describe.each(places)('$datastore and $bus', ({ datastore, bus }) => {
  const onServers = test.skipIf(!haveServers({ datastore, bus }));

  onServers(
    'a topic that takes nothing is tried again with growing pauses, while others get each event once',
    { timeout: 120_000 },
    async () => {
      const { service, listener, broker } = await start('topic', datastore, bus);
      const note = (type: 'noted' | 'other', text: string) =>
        publish(service, { type, subject: `${type} ${text}`, texts: [text] });
      await note('other', 'before');
      await expectMetric(service, 'outbox_events 0');
      await broker('refuse', otherType);
      const notes = texts(40).map(async (text) => {
        // First the one that stays, so that a note goes to the bus beside it: else all may seem to be refused.
        if (Number(text) % 10 === 0) await note('other', text);
        await note('noted', text);
      });
      await Promise.all(notes);
      const pauses = () => pausesIn(service);
      await vi.waitFor(
        () => expect(pauses().length, service.service.output.slice(-2000)).toBeGreaterThan(2),
        30_000,
      );
      await vi.waitFor(() => expect(textsHeard(listener)).toHaveLength(40), 20_000);
      expect(pauses()).toEqual([...new Set(pauses())].toSorted((a, b) => a - b));
      expect(await metricsOf(service)).toContain('outbox_events 4\n');
      expect(await service.service.status('ready')).toBe(200);
      await broker('mend', otherType);
      await expectMetric(service, 'outbox_events 0', 30_000);
      expect(await metricsOf(service)).toContain(`events_published_total{type="${otherType}"} 5\n`);
      expect(textsHeard(listener).toSorted()).toEqual(texts(40).toSorted());
    },
  );
});

const limited = places.filter(({ bus }) => bus === 'nats' || bus === 'kafka');

describe.each(limited)('$datastore and $bus', ({ datastore, bus }) => {
  const onServers = test.skipIf(!haveServers({ datastore, bus }));

  onServers(
    'an event that the bus refuses steps aside, is named, and goes out when it is retried',
    { timeout: 120_000 },
    async () => {
      const { folder, environment, service, listener, broker } = await start(
        'large',
        datastore,
        bus,
      );
      await publish(service, { type: 'noted', subject: 'a', texts: ['before'] });
      await expectMetric(service, 'outbox_events 0');
      await broker('limit', notedType, '5000');
      await publish(service, { type: 'noted', subject: 'a', texts: ['1', '2'] });
      const large = { filler: ' x', times: 5000 };
      await publish(service, { type: 'noted', subject: 'a', texts: ['large'], ...large });
      await publish(service, { type: 'noted', subject: 'a', texts: ['3', '4'] });
      await publish(service, { type: 'noted', subject: 'b', texts: texts(100) });
      await expectMetric(service, 'outbox_refused_events 1');
      await expectMetric(service, 'outbox_events 0');
      const ofA = () => textsHeard(listener).filter((_, index) => keys()[index] === 'a');
      const keys = () => listener.handled.map(({ key }) => key);
      await vi.waitFor(() => expect(textsHeard(listener)).toHaveLength(105), 20_000);
      expect(ofA()).toEqual(['before', '1', '2', '3', '4']);
      const list = await expectScript(folder, 'outbox', ['list'], environment);
      const id = /"id":"([^"]+)","type":"orders.noted.v1","subject":"a"/.exec(list)?.[1] ?? '';
      expect(service.service.output).toContain(id);
      await broker('limit', notedType, '1000000');
      await expectScript(folder, 'outbox', ['retry', id], environment);
      await vi.waitFor(() => expect(ofA().at(-1)).toBe('large'), 20_000);
      await expectMetric(service, 'outbox_refused_events 0');
      expect(textsHeard(listener)).toHaveLength(106);
    },
  );
});

test.skipIf(!haveServers({ datastore: 'postgres', bus: 'kafka' }))(
  'what waits is counted in bytes, whatever characters it has',
  { timeout: 120_000 },
  async () => {
    const { service, listener } = await start('bytes', 'postgres', 'kafka');
    // More than a batch of Kafka takes, although it has less than half a million characters.
    const notes = { filler: ' ✓✓✓✓', times: 2400 };
    await publish(service, { type: 'noted', subject: 'one', texts: texts(40), ...notes });
    await vi.waitFor(() => expect(textsHeard(listener)).toEqual(texts(40)), 30_000);
    await expectMetric(service, 'outbox_events 0');
  },
);
