import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'amqplib';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { RabbitServer, rabbitProgram } from '../support/rabbitmq.ts';
import { servicesIn } from '../support/services.ts';
import { SlowProxy } from '../support/slow-proxy.ts';
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

async function emitted(): Promise<string> {
  const root = await temporaryFolder();
  const choices = ['--style', 'async', '--datastore', 'none', '--bus', 'rabbitmq'];
  await servicesIn(root, { orders: choices });
  const folder = `${root}/orders`;
  if (dependencies !== undefined) await link(folder, dependencies);
  return folder;
}

test.skipIf(rabbitProgram === undefined)(
  'another number of partitions than there are queues for is refused at start',
  { timeout: 60_000 },
  async () => {
    const folder = await emitted();
    const events = ['settled.v1'];
    const all = { events, consumed: events, deadLetters: 'settled.dead-letter' };
    const connectWith = async (partitions: string): Promise<void> => {
      const environment = { ...server?.environment, EVENTS_PARTITIONS: partitions };
      const create = { EVENTS_CREATE_TOPICS: 'true' };
      const service = await BusProcess.start(folder, { ...create, ...environment });
      await service.do('connect', all);
    };
    await connectWith('6');
    await connectWith('6');
    await expect(connectWith('3')).rejects.toThrow('EVENTS_PARTITIONS is 3');
    await expect(connectWith('12')).rejects.toThrow(
      'for 6 partitions, and EVENTS_PARTITIONS is 12',
    );
  },
);

test.skipIf(rabbitProgram === undefined)(
  'an event that nobody has ever wanted is gone; one whose queues were deleted is not confirmed',
  { timeout: 60_000 },
  async () => {
    const folder = await emitted();
    const environment = { ...server?.environment, EVENTS_CREATE_TOPICS: 'true' };
    const all = { events: ['wanted.v1'], consumed: [], deadLetters: 'wanted.dead-letter' };
    const message = { topic: 'wanted.v1', key: 'key', body: 'body', headers: {} };
    const publisher = await BusProcess.start(folder, environment);
    await publisher.do('connect', all);
    await publisher.do('publish', [message]);

    const consumer = await BusProcess.start(folder, environment);
    await consumer.do('connect', { ...all, consumed: all.events });
    await publisher.do('publish', [message]);
    await consumer.kill();
    const connection = await connect(server?.environment.AMQP_URL ?? '');
    const channel = await connection.createChannel();
    for (let partition = 0; partition < 12; partition += 1)
      await channel.deleteQueue(`orders.wanted.v1.${partition}`);
    await connection.close();
    await expect(publisher.do('publish', [message])).rejects.toThrow('there is no queue');
    // One that has only just started knows it as well.
    const next = await BusProcess.start(folder, environment);
    await next.do('connect', all);
    await expect(next.do('publish', [message])).rejects.toThrow('there is no queue');
  },
);

test.skipIf(rabbitProgram === undefined)(
  'an event at which 25 instances die one after the other is neither dropped nor a dead letter',
  { timeout: 180_000 },
  async () => {
    const folder = await emitted();
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

test.skipIf(rabbitProgram === undefined)(
  'who connects again, because the server was slow, waits for what runs and begins nothing anew',
  { timeout: 60_000 },
  async () => {
    const proxy = await SlowProxy.to(Number(new URL(server?.environment.AMQP_URL ?? '').port));
    onTestFinished(() => proxy.dispose());
    proxy.answersAfterMs = 300;
    const url = new URL(server?.environment.AMQP_URL ?? '');
    url.port = String(proxy.port);
    const environment = { AMQP_URL: url.href, EVENTS_CREATE_TOPICS: 'true' };
    const service = await BusProcess.start(await emitted(), environment);
    const events = ['slow-a.v1', 'slow-b.v1', 'slow-c.v1'];
    const all = { events, consumed: events, deadLetters: 'slow.dead-letter' };
    let firstEnded = 0;
    const first = service.do('connect', all).then(() => {
      firstEnded = performance.now();
    });
    await delay(4000);
    expect(firstEnded).toBe(0);
    await service.do('connect', all);
    await first;
    expect(performance.now() - firstEnded).toBeLessThan(2000);
  },
);
