import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Message } from '../../chassis/src/events/bus/bus.ts';
import { busServers } from '../support/buses.ts';
import { cli, packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { PostgresServer } from '../support/postgres.ts';
import { RunningService } from '../support/running-service.ts';
import { BusProcess } from './bus-process.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;
let postgres: PostgresServer;

beforeAll(async () => {
  dependencies = await installedDependencies();
  postgres = await PostgresServer.create();
});

afterAll(async () => {
  await postgres.dispose();
  await dependencies.dispose();
});

const type = 'parcels.parcel-requested.v1';
const handlerFile = 'src/events/handlers/parcel-requested.ts';

function request(reference: string): Message {
  const event = {
    ...{ specversion: '1.0', id: reference, source: '/test', type, subject: reference },
    ...{ time: new Date().toISOString(), datacontenttype: 'application/json', data: { reference } },
  };
  const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
  return { topic: type, key: reference, body: JSON.stringify(event), headers };
}

describe.each(Object.entries(busServers))('%s', (bus, { available, create }) => {
  test.skipIf(!available)(
    'a poison event among 1,000 stops nobody, and is handled by a replay once the handler is mended',
    { timeout: 300_000 },
    async () => {
      const server = await create();
      try {
        const root = await temporaryFolder();
        const choices = ['--style', 'both', '--datastore', 'postgres', '--bus', bus];
        await cli(['parcels', '--yes', ...choices, '--cwd', root, '--no-install', '--no-git']);
        const folder = path.join(root, 'parcels');
        await fs.symlink(dependencies.folder, path.join(folder, 'node_modules'));
        const environment = {
          ...server.environment,
          ...(await postgres.database(`poison_${bus}`)),
          EVENTS_CREATE_TOPICS: 'true',
        };
        const mended = await fs.readFile(path.join(folder, handlerFile), 'utf8');
        const broken = mended.replace(
          /await (create\w*)\(/,
          "if (data.reference === 'poison') throw new Error('cannot stomach it');\n    await $1(",
        );
        await fs.writeFile(path.join(folder, handlerFile), broken);
        const service = await RunningService.start(folder, environment);
        await service.started();
        const publisher = await BusProcess.start(folder, environment);

        const goodOnly = await timeToHandle(service, publisher, goods('first'), 500);
        const withPoison = [...goods('second'), request('poison'), ...goods('third')];
        const both = await timeToHandle(service, publisher, withPoison, 1500);
        // Twice as many, and a margin for the noise of a busy machine.
        expect(both).toBeLessThan(goodOnly * 2 + 6000);

        const letters = async () =>
          (await dlq(folder, environment, 'list')).split('\n').filter((line) => line !== '');
        await vi.waitFor(async () => expect(await letters()).toHaveLength(1), 60_000);
        const [line = ''] = await letters();
        expect(line).toContain('attempts=5 "cannot stomach it"');
        const shown = JSON.parse(await dlq(folder, environment, 'show', line.split(' ')[0] ?? ''));
        expect(shown.data).toMatchObject({
          reason: 'cannot stomach it',
          stack: expect.stringContaining('parcel-requested.ts'),
          original: { topic: type, key: 'poison' },
        });

        service.child.kill('SIGTERM');
        expect(await service.exited).toBe(0);
        await fs.writeFile(path.join(folder, handlerFile), mended);
        const next = await RunningService.start(folder, environment);
        await next.started();
        expect(await dlq(folder, environment, 'replay', '--all')).toMatch(/^replayed /);
        await vi.waitFor(async () => expect(await handled(next)).toBe(1), 60_000);
        expect(await dlq(folder, environment, 'list')).toBe('');
      } finally {
        await server.dispose();
      }
    },
  );
});

function goods(prefix: string): Message[] {
  return Array.from({ length: 500 }, (_, index) => request(`${prefix} ${index}`));
}

/** Publishes and waits until so many have been handled since the start; returns milliseconds. */
async function timeToHandle(
  service: RunningService,
  publisher: BusProcess,
  messages: readonly Message[],
  count: number,
): Promise<number> {
  const started = performance.now();
  for (let from = 0; from < messages.length; from += 100)
    await publisher.do('publish', messages.slice(from, from + 100));
  await vi.waitFor(async () => expect(await handled(service)).toBe(count), {
    timeout: 120_000,
    interval: 50,
  });
  return performance.now() - started;
}

async function handled(service: RunningService): Promise<number> {
  const text = await fetch(`${service.url}/metrics`).then((answer) => answer.text());
  return Number(/^events_handled_total\{type="parcels[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
}

async function dlq(
  folder: string,
  environment: Record<string, string>,
  ...args: string[]
): Promise<string> {
  const node = path.join(packageRoot, 'node_modules/node/bin/node');
  const command = ['src/events/dlq.ts', ...args];
  const { stdout } = await execa(node, command, { cwd: folder, env: environment, stdin: 'ignore' });
  return stdout;
}
