import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import type { Message } from '../../chassis/src/events/bus/bus.ts';
import { cli, packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { RunningService } from '../support/running-service.ts';
import { haveServers, Servers } from '../support/servers.ts';
import { BusProcess } from './bus-process.ts';

const node = path.join(packageRoot, 'node_modules/node/bin/node');

/** Every datastore that notes attempts, and every bus, each once: the one knows nothing of the other. */
const pairs = [
  ['redis', 'mysql', 'order'],
  ['nats', 'mongodb', 'invoice'],
  ['rabbitmq', 'clickhouse', 'ticket'],
  ['kafka', 'postgres', 'bottle'],
] as const;

const here = pairs.filter(([bus, datastore]) => haveServers({ bus, datastore }));

/** A service whose handler fails at one event until it is mended. */
async function emitted(bus: string, datastore: string, aggregate: string, dependencies: string) {
  const root = await temporaryFolder();
  const choices = ['--style', 'async', '--datastore', datastore, '--bus', bus];
  await cli([`${aggregate}s`, '--yes', ...choices, '--cwd', root, '--no-install', '--no-git']);
  const folder = path.join(root, `${aggregate}s`);
  await fs.symlink(dependencies, path.join(folder, 'node_modules'));
  const file = path.join(folder, `src/events/handlers/${aggregate}-requested.ts`);
  const text = await fs.readFile(file, 'utf8');
  const failing = "if (data.reference === 'old' && !process.env.MENDED) throw new Error('broken');";
  await fs.writeFile(file, text.replace(/await (create\w*)\(/, `${failing}\n    await $1(`));
  return folder;
}

function request(type: string, version: number, reference: string): Message {
  const event = {
    ...{ specversion: '1.0', id: reference, source: '/test', type, subject: 'one aggregate' },
    ...{ sequence: `000000000${version}`, data: { reference } },
  };
  const headers = { 'content-type': 'application/cloudevents+json' };
  return { topic: type, key: 'one aggregate', body: JSON.stringify(event), headers };
}

async function dlq(folder: string, env: Record<string, string>, ...args: string[]) {
  const command = ['src/events/dlq.ts', ...args];
  return (await execa(node, command, { cwd: folder, env, stdin: 'ignore' })).stdout;
}

test.skipIf(here.length === 0)(
  'a replay over which later events of the aggregate were handled is refused, also by the next process',
  { timeout: 400_000 },
  async () => {
    const { folder: installed, dispose } = await installedDependencies();
    const servers = new Servers();
    try {
      for (const [bus, datastore, aggregate] of here) {
        const store = await servers.store(datastore);
        const environment = {
          ...(await servers.bus(bus)).environment,
          ...(await store?.database(`stale_${bus}`)),
          EVENTS_CREATE_TOPICS: 'true',
          EVENTS_ATTEMPTS: '1',
        };
        const folder = await emitted(bus, datastore, aggregate, installed);
        await refusedAndForced(folder, environment, `${aggregate}s.${aggregate}-requested.v1`);
      }
    } finally {
      await servers.dispose();
      await dispose();
    }
  },
);

async function refusedAndForced(folder: string, environment: Record<string, string>, type: string) {
  const patient = { timeout: 60_000, interval: 500 };
  const letters = () => dlq(folder, environment, 'list');
  const service = await RunningService.start(folder, environment);
  await service.waitFor('ready', 200);
  const publisher = await BusProcess.start(folder, environment);
  await vi.waitFor(
    () => publisher.do('publish', [request(type, 1, 'old'), request(type, 2, 'new')]),
    patient,
  );
  await vi.waitFor(async () => expect(await handledBy(service), folder).toBe(1), patient);
  await vi.waitFor(async () => expect(await letters(), folder).toContain('"broken"'), patient);
  service.child.kill('SIGTERM');
  await service.exited;

  const next = await RunningService.start(folder, { ...environment, MENDED: 'yes' });
  await next.waitFor('ready', 200);
  await dlq(folder, environment, 'replay', 'all');
  const refused = '0000000001 is stale, as 2 was handled';
  await vi.waitFor(async () => expect(await letters(), folder).toContain(refused), patient);
  expect(await handledBy(next), folder).toBe(0);
  await dlq(folder, environment, 'replay', 'all', '--stale');
  await vi.waitFor(async () => expect(await handledBy(next), folder).toBe(1), patient);
  expect(await letters(), folder).toBe('');
  next.child.kill('SIGTERM');
  await next.exited;
}

async function handledBy(service: RunningService): Promise<number> {
  const text = await fetch(`${service.url}/metrics`).then((answer) => answer.text());
  return Number(/^events_handled_total\{type="[^}]*-requested[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
}
