import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { BusProcess } from '../buses/bus-process.ts';
import { busServers } from '../support/buses.ts';
import { cli, temporaryFolder } from '../support/cli.ts';
import { flagsOf } from '../support/combinations.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link } from '../support/emitted.ts';
import { RunningService } from '../support/running-service.ts';
import { haveServers, Servers } from '../support/servers.ts';
import { servicesIn } from '../support/services.ts';
import { matrixOfPort, name } from './prepare.ts';

/** With a bus to be added where there is none yet. */
const combinations = matrixOfPort
  .filter(({ combination }) => combination.kind === 'service')
  .map(({ combination, title }, index) => {
    const buses = Object.keys(busServers);
    const bus = combination.bus ?? buses[index % buses.length] ?? '';
    const adds = combination.bus === undefined ? ['--bus', bus] : [];
    return { combination, title, bus, adds };
  });

const servers = new Servers();
let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(async () => {
  await servers.dispose();
  await dependencies.dispose();
});

const lost = 'parcels.parcel-lost.v1';
const menagerie = path.join(import.meta.dirname, '../add/fixtures/menagerie.yaml');

describe.each(combinations)('$title, grown', ({ combination, bus, adds }) => {
  test.skipIf(!haveServers({ ...combination, bus }))(
    'publishes and handles what was added, on real servers',
    { timeout: 240_000 },
    async () => {
      const root = await temporaryFolder();
      await servicesIn(root, { [name]: flagsOf(combination) });
      const folder = path.join(root, name);
      await link(folder, dependencies);
      await add(folder, 'handler', 'parcel-lost', '--from', 'parcels', ...adds);
      await add(folder, 'event', 'item-shipped');
      await add(folder, 'client', 'zoo', '--openapi', menagerie);
      await expectScript(folder, 'typecheck');
      await expectScript(folder, 'lint');
      const tests = ['test/handlers', 'test/events', 'test/asyncapi', 'test/clients'];
      const store = await servers.store(combination.datastore ?? 'none');
      await expectScript(folder, 'test', tests, store?.ownTests);

      const environment = {
        ...(await servers.bus(bus)).environment,
        ...(await store?.database(`growing_${Date.now()}`)),
        EVENTS_CREATE_TOPICS: 'true',
        ZOO_URL: 'http://zoo.invalid',
      };
      const service = await RunningService.start(folder, environment);
      await service.started();
      const publisher = await BusProcess.start(folder, environment);
      // The topic is its publisher's: until that has made it, the service waits for it.
      const topics = { events: [lost], consumed: [], deadLetters: 'parcels.dead-letter' };
      await publisher.do('connect', topics);
      await vi.waitFor(() => publisher.do('publish', [parcelLost()]), 30_000);
      await vi.waitFor(async () => expect(await handled(service)).toBe(1), {
        timeout: 30_000,
        interval: 100,
      });
      service.child.kill('SIGTERM');
      expect(await service.exited, service.output.slice(-3000)).toBe(0);
    },
  );
});

async function add(folder: string, ...args: string[]): Promise<void> {
  const { exitCode, stderr } = await cli(['add', ...args, '--no-install'], { cwd: folder });
  expect(exitCode, stderr).toBe(0);
}

function parcelLost() {
  const event = {
    ...{ specversion: '1.0', id: 'lost 1', source: '/parcels', type: lost, subject: 'parcel 1' },
    ...{ time: new Date().toISOString(), datacontenttype: 'application/json', data: {} },
  };
  const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
  return { topic: lost, key: 'parcel 1', body: JSON.stringify(event), headers };
}

async function handled(service: RunningService): Promise<number> {
  const text = await fetch(`${service.url}/metrics`).then((answer) => answer.text());
  return Number(/^events_handled_total\{type="parcels[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
}
