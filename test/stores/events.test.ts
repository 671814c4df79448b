import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Message } from '../../chassis/src/events/bus/bus.ts';
import { BusProcess } from '../buses/bus-process.ts';
import { listenerOf } from '../buses/listener.ts';
import { type BusServer, busServers } from '../support/buses.ts';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { type StoreServer, testedStores } from '../support/stores.ts';
import { emitOn, Subject } from './subject.ts';

/** The bus that starts the fastest; what holds here is a matter of the datastore. */
const bus = 'nats';
const busIsThere = busServers[bus]?.available === true;
const createdType = 'orders.order-created.v1';
const requestedType = 'orders.order-requested.v1';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;
let broker: BusServer | undefined;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

const withOutbox = testedStores.filter(({ store }) => store.traits.outbox);

describe.each(withOutbox)('$server', ({ datastore, store: { available, create, traits } }) => {
  const onServers = test.skipIf(!available || !busIsThere);
  let server: StoreServer | undefined;

  beforeAll(async () => {
    if (!available || !busIsThere) return;
    server = await create();
    broker = await busServers[bus]?.create();
  });

  afterAll(async () => {
    await broker?.dispose();
    await server?.dispose();
  });

  async function emit(database: string) {
    const flags = ['--style', 'both', '--bus', bus];
    const folder = await emitOn(datastore, await temporaryFolder(), dependencies.folder, flags);
    const environment = {
      ...(await server?.database(database)),
      ...broker?.environment,
      EVENTS_CREATE_TOPICS: 'true',
    };
    return { folder, environment };
  }

  if (traits.transactions)
    onServers('changes and their events commit together', async () => {
      const { folder, environment } = await emit('together');
      const subject = await Subject.ready(folder, environment);
      expect(await subject.held('undone', { fail: 'true' })).toBe(500);
      expect(await subject.held('done', {})).toBe(201);
      await expectMetric(subject, `events_published_total{type="${createdType}"} 2`);
      await expectMetric(subject, 'outbox_events 0');
      expect(await subject.countOf('undone')).toBe(0);
      expect(await subject.countOf('done')).toBe(2);
    });

  onServers('an event says what the change was given, whatever characters that has', async () => {
    const { folder, environment } = await emit('characters');
    const listener = await listenerOf(bus, [createdType], environment, dependencies);
    const subject = await Subject.ready(folder, environment);
    const references = ['{"ünï": "✓ 🦊"}', "it's \\ odd", '12345678901234567890', '🦊'.repeat(200)];
    // Half a character, which JSON can say and no datastore keeps, is refused.
    expect((await subject.create('\ud800')).status).toBe(400);
    for (const reference of references)
      expect((await subject.create(reference)).status, reference).toBe(201);
    const heard = () => listener.handled.map(({ body }) => JSON.parse(body).data.reference);
    await vi.waitFor(() => expect(heard()).toEqual(expect.arrayContaining(references)), 20_000);
    const stored = (await subject.list()).map(({ reference }) => reference);
    expect(stored.toSorted()).toEqual(references.toSorted());
  });

  onServers('an event that comes many times, to several instances, has one effect', async () => {
    const { folder, environment } = await emit('once');
    const instances = [
      await Subject.ready(folder, environment),
      await Subject.ready(folder, environment),
    ];
    const publisher = await BusProcess.start(folder, environment);
    const references = Array.from({ length: 40 }, (_, index) => `once ${index}`);
    // Under keys of their own, so that the same event is handled by several at the same time.
    for (let round = 0; round < 5; round += 1) {
      const messages = references.map((reference) => request(reference, `${reference} ${round}`));
      await publisher.do('publish', messages);
    }
    await vi.waitFor(
      async () => {
        const texts = await Promise.all(instances.map(metricsOf));
        const handled = texts.map((text) => numberIn(text, 'events_handled_total'));
        expect(handled[0] ?? 0).toBeGreaterThan(0);
        expect((handled[0] ?? 0) + (handled[1] ?? 0)).toBe(references.length * 5);
      },
      { timeout: 30_000, interval: 200 },
    );
    const stored = (await instances[0]?.list())?.map(({ reference }) => reference);
    expect(stored?.toSorted()).toEqual(references.toSorted());
    const letters = await publisher.do('letters', 'orders.dead-letter');
    expect(letters).toEqual([]);
  });

  onServers(
    'a service that is killed in a load leaves no change without its event, and no event without its change',
    { timeout: 180_000 },
    async () => {
      const { folder, environment } = await emit('killed');
      const listener = await listenerOf(bus, [createdType], environment, dependencies);
      const lasting = await Subject.ready(folder, environment);
      for (let round = 1; round <= 3; round += 1) {
        const dying = await Subject.ready(folder, environment);
        let confirmed = 0;
        const writers = Array.from({ length: 8 }, async (_, writer) => {
          for (let index = 0; ; index += 1) {
            const subject = writer % 2 === 0 ? dying : lasting;
            const { status } = await subject.create(`killed ${round}-${writer}-${index}`);
            if (status === 201) confirmed += 1;
            if (dying.service.child.killed) return;
          }
        });
        await vi.waitFor(() => expect(confirmed).toBeGreaterThan(40), 30_000);
        dying.service.child.kill('SIGKILL');
        await Promise.all(writers);
      }
      await expectMetric(lasting, 'outbox_events 0');
      const stored = (await lasting.list()).map(({ id }) => id);
      expect(stored.length).toBeGreaterThan(120);
      // The bus still has events of other tests.
      const own = () => listener.handled.filter(({ body }) => body.includes('"killed '));
      const heard = () => new Set(own().map(({ key }) => key));
      // What waits may be behind a lease that the killed one took with its last breath.
      await vi.waitFor(
        async () => {
          const waiting = /^outbox_events .*$/m.exec(await metricsOf(lasting))?.[0];
          const unheard = stored.filter((id) => !heard().has(id));
          expect({ unheard, waiting }).toEqual({ unheard: [], waiting: 'outbox_events 0' });
        },
        { timeout: 60_000, interval: 200 },
      );
      expect([...heard()].toSorted()).toEqual(stored.toSorted());
    },
  );
});

function request(reference: string, key: string): Message {
  const event = {
    ...{ specversion: '1.0', id: reference, source: '/test', type: requestedType, subject: key },
    ...{ time: new Date().toISOString(), datacontenttype: 'application/json', data: { reference } },
  };
  const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
  return { topic: requestedType, key, body: JSON.stringify(event), headers };
}

async function metricsOf(subject: Subject): Promise<string> {
  return (await subject.send('GET', '/metrics')).text;
}

async function expectMetric(subject: Subject, line: string): Promise<void> {
  await vi.waitFor(async () => expect(await metricsOf(subject)).toContain(line), {
    timeout: 60_000,
    interval: 200,
  });
}

/** The value of a metric that has one label set, or 0 when it has none yet. */
function numberIn(text: string, name: string): number {
  return Number(new RegExp(`^${name}(?:{.*})? (\\d+)`, 'm').exec(text)?.[1] ?? 0);
}
