import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { RabbitServer, rabbitProgram } from '../support/rabbitmq.ts';
import { servicesIn } from '../support/services.ts';
import { BusProcess } from './bus-process.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>> | undefined;
let server: RabbitServer | undefined;

beforeAll(async () => {
  if (rabbitProgram === undefined) return;
  dependencies = await installedDependencies();
  server = await RabbitServer.create();
});

afterAll(async () => {
  await server?.dispose();
  await dependencies?.dispose();
});

test.skipIf(rabbitProgram === undefined)(
  'an event at which 25 instances die one after the other is neither dropped nor a dead letter',
  { timeout: 180_000 },
  async () => {
    const root = await temporaryFolder();
    const choices = ['--style', 'async', '--datastore', 'none', '--bus', 'rabbitmq'];
    await servicesIn(root, { orders: choices });
    const folder = `${root}/orders`;
    if (dependencies !== undefined) await link(folder, dependencies);
    const environment = { ...server?.environment, EVENTS_CREATE_TOPICS: 'true' };
    const topics = ['deadly.v1'];
    const all = { events: topics, consumed: topics, deadLetters: 'orders.dead-letter' };
    const publisher = await BusProcess.start(folder, environment);
    await publisher.do('connect', all);
    const deadly = { topic: 'deadly.v1', key: 'key', body: 'deadly', headers: {} };
    await publisher.do('publish', [deadly, { ...deadly, body: 'next' }]);

    // RabbitMQ 4 drops what has come 20 times, unless the queue says otherwise.
    for (let death = 0; death < 25; death += 1) {
      const dying = await BusProcess.start(folder, environment);
      await dying.do('connect', all);
      await dying.do('consume', topics, { kind: 'hang' });
      await vi.waitFor(() => expect(dying.given.length).toBeGreaterThan(0), 20_000);
      expect(dying.given[0]?.body).toBe('deadly');
      await dying.kill();
    }
    await publisher.do('consume', topics, { kind: 'handle' });
    const handled = () => publisher.handled.map(({ body }) => body);
    await vi.waitFor(() => expect(handled()).toEqual(['deadly', 'next']), 20_000);
    expect(await publisher.do('letters', all.deadLetters)).toEqual([]);
  },
);
