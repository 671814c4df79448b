import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Subject } from '../stores/subject.ts';
import type { BusServer } from '../support/buses.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { KafkaServer } from '../support/kafka.ts';
import { haveServers, Servers } from '../support/servers.ts';
import { SlowProxy } from '../support/slow-proxy.ts';
import { throughProxy } from '../support/through-proxy.ts';
import {
  emitOutboxService,
  expectMetric,
  listenTo,
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

/** A service whose bus takes its time to answer, and a listener whose bus does not. */
async function slowly(datastore: string, bus: string, which: string) {
  const { broker, proxy } = await slowBroker(bus);
  const store = await servers.store(datastore);
  const name = `${datastore}_${bus}_${which}`;
  const environment = {
    ...(await store?.database(name)),
    ...broker.environment,
    EVENTS_CREATE_TOPICS: 'true',
  };
  const folder = await emitOutboxService(datastore, bus, dependencies.folder);
  const slow = throughProxy(environment, broker.port, proxy.port);
  // The proxy holds up signs of life as well.
  if (slow.AMQP_URL !== undefined) slow.AMQP_URL += '?heartbeat=60';
  const service = await Subject.ready(folder, slow);
  const listener = await listenTo(bus, dependencies.folder, environment);
  return { name, proxy, service, listener };
}

/** A broker, and a way to it that is slow. Kafka tells its clients where it is: all of them come that way. */
async function slowBroker(bus: string): Promise<{ broker: BusServer; proxy: SlowProxy }> {
  if (bus !== 'kafka') {
    const broker = await servers.bus(bus);
    const proxy = await SlowProxy.to(broker.port);
    onTestFinished(() => proxy.dispose());
    return { broker, proxy };
  }
  let port = 0;
  const proxy = await SlowProxy.to(() => port);
  const broker = await KafkaServer.create(proxy.port);
  port = broker.port;
  onTestFinished(async () => {
    proxy.dispose();
    await broker.dispose();
  });
  return { broker, proxy };
}

const combinations = [
  ...['postgres', 'mysql', 'mongodb'].map((datastore) => ({ datastore, bus: 'nats' })),
  ...['kafka', 'rabbitmq', 'redis'].map((bus) => ({ datastore: 'postgres', bus })),
].filter(haveServers);

describe.skipIf(combinations.length === 0)('a slow bus', () => {
  test('a confirm that takes 12 s is waited for, and each event is published once', {
    timeout: 180_000,
  }, async () => {
    const all = await Promise.all(
      combinations.map(({ datastore, bus }) => slowly(datastore, bus, 'slow')),
    );
    await Promise.all(
      all.map(async ({ name, proxy, service, listener }) => {
        await publish(service, { type: 'noted', subject: 'one', texts: ['warm'] });
        await vi.waitFor(() => expect(textsHeard(listener)).toEqual(['warm']), 30_000);
        await expectMetric(service, 'outbox_events 0');
        proxy.answersAfterMs = 12_000;
        await publish(service, { type: 'noted', subject: 'one', texts: ['first', 'second'] });
        // Where the listener comes the same way, it hears so much later, too.
        await vi.waitFor(() => expect(textsHeard(listener)).toContain('second'), 50_000);
        proxy.answersAfterMs = 0;
        await expectMetric(service, 'outbox_events 0', 60_000);
        expect(textsHeard(listener), name).toEqual(['warm', 'first', 'second']);
      }),
    );
  });

  test.skipIf(!haveServers({ datastore: 'postgres', bus: 'nats' }))(
    '500 events of one aggregate go out in no time to a broker that is 20 ms away',
    { timeout: 60_000 },
    async () => {
      const { proxy, service, listener } = await slowly('postgres', 'nats', 'hot');
      proxy.answersAfterMs = 20;
      const texts = Array.from({ length: 500 }, (_, index) => `${index}`);
      await publish(service, { type: 'noted', subject: 'hot', texts });
      const start = performance.now();
      await expectMetric(service, 'outbox_events 0');
      expect(performance.now() - start).toBeLessThan(3000);
      await vi.waitFor(() => expect(textsHeard(listener)).toHaveLength(500));
      expect(textsHeard(listener)).toEqual(texts);
    },
  );
});
