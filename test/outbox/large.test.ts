import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { BusProcess } from '../buses/bus-process.ts';
import { Subject } from '../stores/subject.ts';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link } from '../support/emitted.ts';
import { RunningService } from '../support/running-service.ts';
import { haveServers, Servers } from '../support/servers.ts';
import { servicesIn } from '../support/services.ts';
import {
  emitOutboxService,
  expectMetric,
  isLong,
  listenTo,
  publish,
  textsHeard,
} from './outbox-service.ts';

const requestedType = 'orders.order-requested.v1';

const servers = new Servers();
let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(async () => {
  await servers.dispose();
  await dependencies.dispose();
});

const bus = 'nats';

/** Without an outbox an event is refused as well. */
const stores = ['postgres', 'mysql', 'mongodb', 'none'];

describe.each(stores)('%s', (datastore) => {
  const onServers = test.skipIf(!haveServers({ datastore, bus }));

  onServers(
    'an event that no bus could carry is refused with its size, and nothing is kept',
    {
      timeout: 60_000,
    },
    async () => {
      const environment = {
        ...(await (await servers.store(datastore))?.database('large')),
        ...(await servers.bus(bus)).environment,
        EVENTS_CREATE_TOPICS: 'true',
      };
      const folder = await emitOutboxService(datastore, bus, dependencies.folder);
      const service = await Subject.ready(folder, environment);
      const notes = {
        type: 'noted',
        subject: 'large',
        texts: ['large'],
        filler: ' ü',
        times: 400_000,
      };
      const { status, text } = await service.send('POST', '/notes', notes);
      expect(status).toBe(413);
      expect(text).toMatch(/orders\.noted\.v1 of large has 12\d{5} bytes; at most 1000000 can be/);
      if (datastore !== 'none') await expectMetric(service, 'outbox_events 0');
      const listener = await listenTo(bus, dependencies.folder, environment);
      await publish(service, { type: 'noted', subject: 'large', texts: ['small'] });
      await vi.waitFor(() => expect(textsHeard(listener)).toEqual(['small']), 20_000);
    },
  );
});

/** An event of about so many bytes that no handler takes, which is the longer the more often it is quoted. */
function unusable(key: string, bytes: number) {
  const event = {
    ...{ specversion: '1.0', id: key, source: '/test', type: requestedType, subject: key },
    data: { wrong: '"'.repeat(bytes / 2) },
  };
  const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
  return { topic: requestedType, key, body: JSON.stringify(event), headers };
}

const buses = ['nats', 'redis', ...(isLong ? ['kafka', 'rabbitmq'] : [])];

describe.each(buses)('%s', (bus) => {
  const onServers = test.skipIf(!haveServers({ bus }));

  onServers(
    'a large event that cannot be handled becomes a dead letter, whole, and others go on',
    {
      timeout: 120_000,
    },
    async () => {
      const root = await temporaryFolder();
      await servicesIn(root, { orders: ['--style', 'async', '--datastore', 'none', '--bus', bus] });
      const folder = path.join(root, 'orders');
      await link(folder, dependencies);
      const server = await servers.bus(bus);
      const environment = { ...server.environment, EVENTS_CREATE_TOPICS: 'true' };
      const service = await RunningService.start(folder, environment);
      onTestFinished(() => void service.child.kill('SIGKILL'));
      await service.waitFor('ready', 200);
      const publisher = await BusProcess.start(folder, environment);
      const [large, largest, small] = [
        unusable('large', 699_000),
        unusable('largest', 1_046_000),
        unusable('small', 10),
      ];
      await publisher.do('publish', [large, largest, small]);
      const letters = async () => await publisher.do('letters', 'orders.dead-letter');
      await vi.waitFor(async () => expect(await letters()).toHaveLength(3), 60_000);
      const shown = await expectScript(folder, 'dlq', ['show', 'all'], environment);
      expect(shown).toContain(JSON.stringify(large.body));
      expect(shown).toContain(JSON.stringify(small.body));
      // One that fills the bus by itself leaves room for what is most needed to know.
      expect(shown.includes(JSON.stringify(largest.body)) || shown.includes('"cutFrom"')).toBe(
        true,
      );
      await vi.waitFor(() => service.waitFor('ready', 200));
    },
  );
});
