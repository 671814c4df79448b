import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { BusProcess } from '../buses/bus-process.ts';
import { emitOn, Subject } from '../stores/subject.ts';
import { type BusServer, busServers } from '../support/buses.ts';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { request } from './events.ts';
import { patients } from './server-states.ts';

/** The bus that starts the fastest; what holds here is a matter of the datastore. */
const bus = 'nats';
const busIsThere = busServers[bus]?.available === true;
const keys = 8;
const eventsEachTime = 160;

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;
let broker: BusServer | undefined;

beforeAll(async () => {
  dependencies = await installedDependencies();
  if (busIsThere) broker = await busServers[bus]?.create();
});

afterAll(async () => {
  await broker?.dispose();
  await dependencies.dispose();
});

for (const { name, datastore, available, create } of patients)
  test.skipIf(!available || !busIsThere)(
    `while a ${name} takes no writes, events wait; then all are handled, in order, and none is a dead letter`,
    { timeout: 240_000 },
    async () => {
      const patient = await create();
      onTestFinished(() => patient.dispose());
      const flags = ['--style', 'both', '--bus', bus];
      const folder = await emitOn(datastore, await temporaryFolder(), dependencies.folder, flags);
      const environment = {
        ...patient.environment,
        ...broker?.environment,
        EVENTS_CREATE_TOPICS: 'true',
        EVENTS_RETRY_PAUSE_MS: '1',
      };
      const subject = await Subject.ready(folder, environment);
      const publisher = await BusProcess.start(folder, environment);
      let published = 0;
      const publish = async (count: number): Promise<void> => {
        const messages = Array.from({ length: count }, (_, index) => {
          const key = `${name} ${index % keys}`;
          const number = String(published + index).padStart(5, '0');
          return request(`${name} ${number}`, `${key}: ${number}`, key);
        });
        await publisher.do('publish', messages);
        published += count;
      };

      await publish(keys);
      await untilHandled(subject, published);
      for (const { name: state, begin, end } of patient.states) {
        await begin();
        const failedBefore = await metric(subject, 'events_failed_total');
        await publish(eventsEachTime);
        // Each of the keys is tried more often than an event may be.
        const failures = async () => (await metric(subject, 'events_failed_total')) - failedBefore;
        await vi.waitFor(
          async () => expect(await failures(), state).toBeGreaterThan(keys * 5),
          30_000,
        );
        await subject.service.waitFor('ready', 503);
        await vi.waitFor(async () => expect((await subject.create('x')).status).toBe(503), 10_000);
        await end();
        await subject.service.waitFor('ready', 200);
        await untilHandled(subject, published);
        expect(await publisher.do('letters', 'orders.dead-letter'), state).toEqual([]);
      }
      const references = (await subject.list()).map(({ reference }) => reference);
      for (let key = 0; key < keys; key += 1) {
        const own = references.filter((reference) => reference.startsWith(`${name} ${key}:`));
        expect(own).toHaveLength(published / keys);
        expect(own).toEqual(own.toSorted());
      }
    },
  );

async function untilHandled(subject: Subject, count: number): Promise<void> {
  const handled = () => metric(subject, 'events_handled_total');
  await vi.waitFor(async () => expect(await handled()).toBe(count), {
    timeout: 120_000,
    interval: 100,
  });
}

async function metric(subject: Subject, name: string): Promise<number> {
  const { text } = await subject.send('GET', '/metrics');
  return Number(new RegExp(`^${name}(?:{.*})? (\\d+)`, 'm').exec(text)?.[1] ?? 0);
}
