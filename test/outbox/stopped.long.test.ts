import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Subject } from '../stores/subject.ts';
import { installedDependencies } from '../support/dependencies.ts';
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

const bus = 'nats';
const servers = new Servers();
let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(async () => {
  await servers.dispose();
  await dependencies.dispose();
});

const texts = (from: number): string[] =>
  Array.from({ length: 20 }, (_, index) => `${from + index}`);

describe.each(['postgres', 'mysql', 'mongodb'])('%s', (datastore) => {
  test.skipIf(!haveServers({ datastore, bus }))(
    'an instance that is stopped while it relays is replaced, and brings nothing out of order when it wakes',
    { timeout: 120_000 },
    async () => {
      const broker = await servers.bus(bus);
      const proxy = await SlowProxy.to(broker.port);
      onTestFinished(() => proxy.dispose());
      const environment = {
        ...(await (await servers.store(datastore))?.database('stopped')),
        ...broker.environment,
        EVENTS_CREATE_TOPICS: 'true',
      };
      const folder = await emitOutboxService(datastore, bus, dependencies.folder);
      const slow = throughProxy(environment, broker.port, proxy.port);
      const stopped = await Subject.ready(folder, slow);
      const listener = await listenTo(bus, dependencies.folder, environment);
      await publish(stopped, { type: 'noted', subject: 'hot', texts: ['warm'] });
      await vi.waitFor(() => expect(textsHeard(listener)).toEqual(['warm']), 20_000);
      proxy.answersAfterMs = 3_600_000;
      await publish(stopped, { type: 'noted', subject: 'hot', texts: texts(0) });
      await vi.waitFor(() => expect(textsHeard(listener)).toHaveLength(21), 20_000);
      stopped.service.child.kill('SIGSTOP');
      const other = await Subject.ready(folder, environment);
      await publish(other, { type: 'noted', subject: 'hot', texts: texts(20) });
      await expectMetric(other, 'outbox_events 0', 60_000);
      stopped.service.child.kill('SIGCONT');
      await publish(other, { type: 'noted', subject: 'hot', texts: texts(40) });
      await expectMetric(other, 'outbox_events 0', 60_000);
      await vi.waitFor(() => expect(textsHeard(listener)).toContain('59'), 20_000);
      const heard = textsHeard(listener);
      expect([...new Set(heard)]).toEqual(['warm', ...texts(0), ...texts(20), ...texts(40)]);
      // What was under way when the instance was stopped.
      expect(heard.length - new Set(heard).size).toBeLessThanOrEqual(20);
    },
  );
});
