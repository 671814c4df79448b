import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { busServers } from '../support/buses.ts';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { RunningService } from '../support/running-service.ts';
import { servicesIn } from '../support/services.ts';
import { BusProcess } from './bus-process.ts';

const type = 'orders.order-placed.v1';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

/** A service that handles events of another one. */
async function billingOn(bus: string): Promise<string> {
  const root = await temporaryFolder();
  await servicesIn(root, { billing: ['--style', 'async', '--datastore', 'none', '--bus', bus] });
  const folder = path.join(root, 'billing');
  await link(folder, dependencies);
  const events = path.join(folder, 'src/events');
  await fs.writeFile(
    path.join(events, 'schemas/order-placed.ts'),
    `import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';
export default defineEvent({ type: '${type}', data: z.object({ reference: z.string() }) });`,
  );
  await fs.writeFile(
    path.join(events, 'handlers/order-placed.ts'),
    `import { defineHandler } from 'service-chassis/events';
import event from '../schemas/order-placed.ts';
export default defineHandler({ event, apply: async () => undefined });`,
  );
  return folder;
}

function placed(id: string) {
  const event = { specversion: '1.0', id, source: '/orders', type, subject: id };
  const body = JSON.stringify({ ...event, data: { reference: id } });
  const headers = { 'content-type': 'application/cloudevents+json' };
  return { topic: type, key: id, body, headers };
}

describe.each(Object.entries(busServers))('%s', (bus, { available, create }) => {
  test.skipIf(!available)(
    'the topic of another service is not created and not waited for, and consumed when it is there',
    { timeout: 180_000 },
    async () => {
      const server = await create();
      try {
        const folder = await billingOn(bus);
        const may = { ...server.environment, EVENTS_CREATE_TOPICS: 'true', EVENTS_PARTITIONS: '3' };
        const mayNot = { ...may, EVENTS_CREATE_TOPICS: 'false' };
        const own = ['billing.billing-requested.v1', 'billing.replay'];
        const administrator = await BusProcess.start(folder, may);
        await administrator.do('connect', {
          ...{ events: ['billing.billing-created.v1', ...own], consumed: own },
          deadLetters: 'billing.dead-letter',
        });
        // An exchange of RabbitMQ is a name and nothing else, which whoever may creates.
        const service = await RunningService.start(folder, bus === 'rabbitmq' ? mayNot : may);
        await service.waitFor('ready', 200);
        const ready = async () => (await fetch(`${service.url}/health/ready`)).json();
        const reason = expect.stringContaining(type);
        expect(await ready()).toMatchObject({
          checks: { 'topics of others': { status: 'down', reason } },
        });
        const other = await BusProcess.start(folder, mayNot);
        expect(await other.do('missing', [type, own[0] ?? ''])).toEqual([type]);

        const orders = await BusProcess.start(folder, { ...may, EVENTS_PARTITIONS: '7' });
        const topics = { events: [type], consumed: [], deadLetters: 'orders.dead-letter' };
        await orders.do('connect', topics);
        const isUp = { checks: { 'topics of others': { status: 'up' } } };
        await vi.waitFor(async () => expect(await ready()).toMatchObject(isUp), 60_000);
        const ids = Array.from({ length: 20 }, (_, index) => `${index}`);
        await vi.waitFor(() => orders.do('publish', ids.map(placed)), 30_000);
        const handled = async () => {
          const text = await (await fetch(`${service.url}/metrics`)).text();
          return Number(/^events_handled_total\{type="orders[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
        };
        await vi.waitFor(async () => expect(await handled()).toBeGreaterThanOrEqual(20), 60_000);
      } finally {
        await server.dispose();
      }
    },
  );
});
