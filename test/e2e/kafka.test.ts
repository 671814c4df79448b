import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { cli, packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { KafkaServer, kafkaJars } from '../support/kafka.ts';
import { PostgresServer } from '../support/postgres.ts';
import { RunningService } from '../support/running-service.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>> | undefined;
let postgres: PostgresServer | undefined;
let kafka: KafkaServer | undefined;

beforeAll(async () => {
  if (kafkaJars === undefined) return;
  dependencies = await installedDependencies();
  postgres = await PostgresServer.create();
  kafka = await KafkaServer.create();
});

afterAll(async () => {
  await kafka?.dispose();
  await postgres?.dispose();
  await dependencies?.dispose();
});

test.skipIf(kafkaJars === undefined)(
  'events go out through a real broker and come in once in effect, across a SIGKILL',
  { timeout: 180_000 },
  async () => {
    if (dependencies === undefined || postgres === undefined || kafka === undefined)
      throw new Error('no servers');
    const root = await temporaryFolder();
    await cli(['orders', '--yes', '--style', 'both', '--cwd', root, '--no-install', '--no-git']);
    const folder = path.join(root, 'orders');
    await fs.symlink(dependencies.folder, path.join(folder, 'node_modules'));
    const environment = {
      ...(await postgres.database('events')),
      ...kafka.environment,
      EVENTS_CREATE_TOPICS: 'true',
    };

    const first = await RunningService.start(folder, environment);
    await first.started();
    await create(first, 'by request');
    await expectMetric(first, 'events_published_total{type="orders.order-created.v1"} 1');
    await send(folder, kafka.environment.KAFKA_BROKERS, ['A', 'A', 'B']);
    await expectReferences(first, ['A', 'B', 'by request']);
    first.child.kill('SIGKILL');

    await send(folder, kafka.environment.KAFKA_BROKERS, ['A', 'C', 'not an event', 'D']);
    const second = await RunningService.start(folder, environment);
    await expectReferences(second, ['A', 'B', 'C', 'D', 'by request']);
    await expectMetric(second, 'events_dead_lettered_total{type="orders.order-requested.v1"} 1');
    second.child.kill('SIGTERM');
    expect(await second.exited).toBe(0);
  },
);

test.skipIf(kafkaJars === undefined)(
  'events that come while the database is away are handled when it is back, and none is given up',
  { timeout: 180_000 },
  async () => {
    if (dependencies === undefined || postgres === undefined || kafka === undefined)
      throw new Error('no servers');
    const root = await temporaryFolder();
    await cli(['parcels', '--yes', '--style', 'both', '--cwd', root, '--no-install', '--no-git']);
    const folder = path.join(root, 'parcels');
    await fs.symlink(dependencies.folder, path.join(folder, 'node_modules'));
    const service = await RunningService.start(folder, {
      ...(await postgres.database('outage')),
      ...kafka.environment,
      EVENTS_CREATE_TOPICS: 'true',
    });
    await service.started();
    await postgres.stop();
    await send(folder, kafka.environment.KAFKA_BROKERS, ['A', 'B'], 'parcels.parcel-requested.v1');
    // Either word means that the consumer has made up its mind about the first event.
    await vi.waitFor(() => expect(service.output).toMatch(/stream broke|dead letter/), {
      timeout: 60_000,
    });
    await postgres.start();
    await expectReferences(service, ['A', 'B'], 'parcels');
    expect(service.output).not.toContain('dead letter');
    await service.started();
  },
);

async function create(service: RunningService, reference: string): Promise<void> {
  const answer = await fetch(`${service.url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reference }),
  });
  expect(answer.status).toBe(201);
}

async function expectMetric(service: RunningService, line: string): Promise<void> {
  await vi.waitFor(
    async () =>
      expect(await fetch(`${service.url}/metrics`).then((answer) => answer.text())).toContain(line),
    { timeout: 30_000, interval: 100 },
  );
}

async function expectReferences(
  service: RunningService,
  expected: string[],
  name = 'orders',
): Promise<void> {
  await vi.waitFor(
    async () => {
      const answer = await fetch(`${service.url}/${name}`);
      const { items }: { items: { reference: string }[] } = JSON.parse(await answer.text());
      expect(items.map(({ reference }) => reference).sort(), service.output.slice(-2000)).toEqual(
        expected,
      );
    },
    { timeout: 60_000, interval: 200 },
  );
}

/** Another service's publisher: one request a reference; the same reference is the same event again. */
async function send(
  folder: string,
  broker: string | undefined,
  references: string[],
  type = 'orders.order-requested.v1',
): Promise<void> {
  const program = `
    import { Producer, stringSerializers } from '@platformatic/kafka';
    const producer = new Producer({ clientId: 'test', bootstrapBrokers: ['${broker}'], serializers: stringSerializers });
    const event = (reference) => JSON.stringify({
      specversion: '1.0', id: 'event-' + reference, source: '/test', type: '${type}', subject: 's',
      time: new Date().toISOString(), datacontenttype: 'application/json', data: { reference },
    });
    await producer.send({ messages: ${JSON.stringify(references)}.map((reference) => ({
      topic: '${type}', key: 's', value: reference === 'not an event' ? reference : event(reference),
    })) });
    await producer.close();`;
  const node = path.join(packageRoot, 'node_modules/.bin/node');
  await execa(node, ['--input-type=module', '-e', program], { cwd: folder, stdin: 'ignore' });
}
