import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BusProcess } from '../buses/bus-process.ts';
import { emitOn, Subject } from '../stores/subject.ts';
import { busServers } from '../support/buses.ts';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { storeServers } from '../support/stores.ts';
import { request } from './events.ts';

const attempts = 5;
const failures = ['fetch', 'refused', 'unknown', 'reset'];

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

/** Each store once; Kafka, whose consumer leaves its group at what has to come again, and the quickest bus. */
const subjects = [
  ['postgres', 'kafka'],
  ['mysql', 'nats'],
  ['sqlite', 'nats'],
  ['mongodb', 'nats'],
  ['clickhouse', 'nats'],
  ['none', 'nats'],
] as const;

test.for(subjects)(
  'that another service fails is no outage of %s, on %s',
  {
    timeout: 120_000,
  },
  async ([datastore, bus], { skip, onTestFinished }) => {
    const [store, buses] = [storeServers[datastore], busServers[bus]];
    if (store?.available === false || buses?.available !== true) skip();
    const server = await store?.create();
    onTestFinished(async () => server?.dispose());
    const broker = await buses?.create();
    onTestFinished(async () => broker?.dispose());

    const flags = ['--style', 'both', '--bus', bus];
    const folder = await emitOn(datastore, await temporaryFolder(), dependencies.folder, flags);
    await fs.cp(path.join(import.meta.dirname, 'service'), folder, { recursive: true });
    const calls = path.join(folder, 'calls');
    const environment = {
      ...(await server?.database('whose_fault')),
      ...broker?.environment,
      EVENTS_CREATE_TOPICS: 'true',
      EVENTS_ATTEMPTS: String(attempts),
      EVENTS_RETRY_PAUSE_MS: '1',
      CALLS: calls,
    };
    const subject = await Subject.ready(folder, environment);
    const callsMade = async () => {
      const lines = (await fs.readFile(calls, 'utf8').catch(() => '')).split('\n');
      await fs.rm(calls, { force: true });
      return failures.map((how) => [how, lines.filter((line) => line === how).length]);
    };

    const publisher = await BusProcess.start(folder, environment);
    const all = [...failures, 'good'].map((how) => request(how, how, how));
    await publisher.do('publish', all);
    const letters = async () => {
      const kept = await publisher.do('letters', 'orders.dead-letter');
      return kept.map(({ body }) => JSON.parse(body).data);
    };
    await vi.waitFor(async () => expect(await letters()).toHaveLength(failures.length), 60_000);
    for (const letter of await letters()) expect(letter.attempts).toBe(attempts);
    await vi.waitFor(async () => expect(await subject.countOf('good')).toBe(1), 20_000);
    expect(await callsMade()).toEqual(failures.map((how) => [how, attempts]));

    for (const how of failures)
      expect([how, (await subject.send('POST', `/calls?how=${how}`)).status]).toEqual([how, 502]);
    expect(await callsMade()).toEqual(failures.map((how) => [how, 1]));
    await expectNoOutage(subject, datastore);
  },
);

async function expectNoOutage(subject: Subject, datastore: string): Promise<void> {
  expect(await subject.service.status('ready')).toBe(200);
  expect(subject.service.output).not.toContain('the database is away');
  // What a failed unit of work did in memory stays.
  if (datastore !== 'none') expect(await subject.list()).toHaveLength(1);
}
