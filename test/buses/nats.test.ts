import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import { packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { NatsServer, natsProgram } from '../support/nats.ts';
import { servicesIn } from '../support/services.ts';
import { BusProcess } from './bus-process.ts';

test.skipIf(natsProgram === undefined)(
  'what is no hello on the subject of the instances breaks nothing',
  { timeout: 120_000 },
  async () => {
    const dependencies = await installedDependencies();
    const server = await NatsServer.create();
    try {
      const root = await temporaryFolder();
      const choices = ['--style', 'async', '--datastore', 'none', '--bus', 'nats'];
      await servicesIn(root, { orders: choices });
      const folder = path.join(root, 'orders');
      await link(folder, dependencies);
      const environment = { ...server.environment, EVENTS_CREATE_TOPICS: 'true' };
      const topic = 'orders.order-placed.v1';
      const all = { events: [topic], consumed: [topic], deadLetters: 'orders.dead-letter' };
      const instances = [await BusProcess.start(folder, environment)];
      instances.push(await BusProcess.start(folder, environment));
      for (const instance of instances) {
        await instance.do('connect', all);
        await instance.do('consume', [topic], { kind: 'handle' });
      }
      const node = path.join(packageRoot, 'node_modules/node/bin/node');
      const administer = path.join(import.meta.dirname, 'administer.ts');
      const args = [administer, folder, 'nats', 'talk-nonsense', 'orders', topic];
      await execa(node, args, { env: server.environment, stdin: 'ignore' });
      // Longer than an instance that is not heard any more is counted.
      await delay(5000);
      for (const instance of instances) await instance.do('check');
      const bodies = Array.from({ length: 60 }, (_, index) => `${index}`);
      await instances[0]?.do(
        'publish',
        bodies.map((body) => ({ topic, key: body, body, headers: {} })),
      );
      const handled = () => instances.flatMap((one) => one.handled.map(({ body }) => body));
      await vi.waitFor(() => expect(handled().sort()).toEqual(bodies.sort()), 30_000);
      for (const instance of instances) {
        expect(instance.handled.length).toBeGreaterThan(0);
        expect(instance.output).not.toContain('broke');
      }
    } finally {
      await server.dispose();
      await dependencies.dispose();
    }
  },
);
