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

/**
 * Every datastore in which attempts are counted. RabbitMQ gives what a dead instance had to the next one
 * at once; the other buses wait for seconds, at each death.
 */
const pairs = [
  ['rabbitmq', 'postgres', 'parcel'],
  ['rabbitmq', 'mysql', 'order'],
  ['rabbitmq', 'mongodb', 'invoice'],
  ['rabbitmq', 'clickhouse', 'ticket'],
  ...(process.env.CREATE_SERVICE_DEADLY_BUSES ?? '')
    .split(' ')
    .filter((bus) => bus !== '')
    .map((bus) => [bus, 'postgres', `${bus}-job`] as const),
] as const;

const isAvailable = ([bus, datastore]: readonly [string, string, string]): boolean =>
  haveServers({ bus, datastore });

function request(type: string, reference: string): Message {
  const event = {
    ...{ specversion: '1.0', id: reference, source: '/test', type, subject: reference },
    ...{ time: new Date().toISOString(), datacontenttype: 'application/json', data: { reference } },
  };
  const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
  return { topic: type, key: reference, body: JSON.stringify(event), headers };
}

/** A service whose handler ends the process at one event, and needs a moment for any other. */
async function emitted(
  bus: string,
  datastore: string,
  aggregate: string,
  dependencies: string,
): Promise<string> {
  const root = await temporaryFolder();
  const choices = ['--style', 'async', '--datastore', datastore, '--bus', bus];
  await cli([`${aggregate}s`, '--yes', ...choices, '--cwd', root, '--no-install', '--no-git']);
  const folder = path.join(root, `${aggregate}s`);
  await fs.symlink(dependencies, path.join(folder, 'node_modules'));
  const file = path.join(folder, `src/events/handlers/${aggregate}-requested.ts`);
  const deadly = `if (data.reference === 'deadly') process.exit(3);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await $1(`;
  await fs.writeFile(
    file,
    (await fs.readFile(file, 'utf8')).replace(/await (create\w*)\(/, deadly),
  );
  return folder;
}

/** The service as an orchestrator runs it: again whenever it ends. */
class Orchestrated {
  deaths = 0;
  instance: RunningService | undefined;
  readonly #folder: string;
  readonly #environment: Record<string, string>;
  #isOver = false;

  constructor(folder: string, environment: Record<string, string>) {
    this.#folder = folder;
    this.#environment = environment;
  }

  async run(): Promise<void> {
    while (!this.#isOver) {
      this.instance = await RunningService.start(this.#folder, this.#environment);
      const code = await this.instance.exited;
      if (!this.#isOver) expect(code, this.instance.output).toBe(3);
      this.deaths += 1;
    }
  }

  /** Leaves the instance alone that runs. */
  stop(): void {
    this.#isOver = true;
  }
}

async function lettersOf(folder: string, environment: Record<string, string>): Promise<string[]> {
  const command = ['src/events/dlq.ts', 'list'];
  const { stdout } = await execa(node, command, { cwd: folder, env: environment, stdin: 'ignore' });
  return stdout.split('\n');
}

test.skipIf(!pairs.some(isAvailable))(
  'an event whose handler ends the process becomes a dead letter after some attempts, and no other does',
  { timeout: 240_000 },
  async () => {
    const { folder: installed, dispose } = await installedDependencies();
    const servers = new Servers();
    const here = pairs.filter(isAvailable);
    try {
      for (const [bus, datastore] of here) {
        await servers.bus(bus);
        await servers.store(datastore);
      }
      await Promise.all(
        here.map(async ([bus, datastore, aggregate]) => {
          const store = await servers.store(datastore);
          const environment = {
            ...(await servers.bus(bus)).environment,
            ...(await store?.database(`deadly_${bus}`)),
            EVENTS_CREATE_TOPICS: 'true',
            EVENTS_ATTEMPTS: '1',
          };
          const folder = await emitted(bus, datastore, aggregate, installed);
          await untilDeadLetter(folder, environment, `${aggregate}s.${aggregate}-requested.v1`);
        }),
      );
    } finally {
      await servers.dispose();
      await dispose();
    }
  },
);

async function untilDeadLetter(folder: string, environment: Record<string, string>, type: string) {
  const orchestrated = new Orchestrated(folder, environment);
  const running = orchestrated.run();
  const publisher = await BusProcess.start(folder, environment);
  await vi.waitFor(() => orchestrated.instance?.waitFor('ready', 200), 90_000);
  const goods = Array.from({ length: 40 }, (_, index) => request(type, `good ${index}`));
  const all = [...goods.slice(0, 20), request(type, 'deadly'), ...goods.slice(20)];
  await publisher.do('publish', all);

  const patient = { timeout: 150_000, interval: 100 };
  const given = /event becomes a dead letter/;
  await vi.waitFor(() => expect(orchestrated.instance?.output).toMatch(given), patient);
  await vi.waitFor(async () => expect(await lagOf(orchestrated.instance, type)).toBe(0), patient);
  orchestrated.stop();
  // The first, one beside others, and one alone.
  expect(orchestrated.deaths, folder).toBeLessThanOrEqual(3);
  expect(orchestrated.deaths, folder).toBeGreaterThan(0);
  const letters = await lettersOf(folder, environment);
  expect(letters, folder).toHaveLength(1);
  expect(letters[0], folder).toContain('attempts=1 "the process ended each time');
  orchestrated.instance?.child.kill('SIGKILL');
  await running;
}

/** How many events of the type wait or are being handled. */
async function lagOf(service: RunningService | undefined, type: string): Promise<number> {
  const text = await fetch(`${service?.url}/metrics`).then((answer) => answer.text());
  const [, lag] =
    new RegExp(`^events_consumer_lag\\{topic="${type}"[^}]*\\} (\\d+)`, 'm').exec(text) ?? [];
  return Number(lag ?? Number.NaN);
}
