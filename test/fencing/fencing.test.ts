import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Message } from '../../chassis/src/events/bus/bus.ts';
import { BusProcess } from '../buses/bus-process.ts';
import { listenerOf } from '../buses/listener.ts';
import { emitOn, Subject } from '../stores/subject.ts';
import { busServers } from '../support/buses.ts';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { random } from '../support/random.ts';
import { type StoreServer, testedStores } from '../support/stores.ts';
import { endingsIn, forEach, giveUp, kinds, typicalMs } from './units.ts';

/** The bus that starts the fastest; what holds here is a matter of the datastore. */
const bus = 'nats';
const busIsThere = busServers[bus]?.available === true;
const createdType = 'orders.order-created.v1';
const requestedType = 'orders.order-requested.v1';
/** How many units of work are given up; `.ci/long` has ten times as many. */
const count = Number(process.env.CREATE_SERVICE_FENCED_UNITS ?? 1000);
const seed = Number(process.env.CREATE_SERVICE_SEED ?? 12);

/** How many it takes until a process has compiled what they need. */
const warmUnits = 300;

/** A statement has a third of a unit's time, and no less than a millisecond. */
const leastMs = 3;

const locks: Readonly<Record<string, { readonly take: string; readonly leave: string }>> = {
  postgres: { take: 'begin; lock table orders in access exclusive mode', leave: 'commit' },
  mysql: { take: 'lock tables orders write', leave: 'unlock tables' },
  sqlite: { take: 'begin immediate', leave: 'commit' },
};

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

const withOutbox = testedStores.filter(({ store }) => store.traits.outbox);

describe.each(withOutbox)('$server', ({ datastore, store: { available, create, traits } }) => {
  const onServers = test.skipIf(!available || !busIsThere);
  const lock = locks[datastore];
  /** A document, in which a unit of work is one write, is one order. */
  const ordersOfUnit = traits.transactions ? 3 : 1;
  let server: StoreServer;

  beforeAll(async () => {
    if (available && busIsThere) server = await create();
  });

  afterAll(() => server?.dispose());

  /** A service on an empty database, one who hears of its events, and one who asks it by events. */
  async function emit(database: string) {
    const flags = ['--style', 'both', '--bus', bus];
    const folder = await emitOn(datastore, await temporaryFolder(), dependencies.folder, flags);
    const broker = await busServers[bus]?.create();
    onTestFinished(async () => broker?.dispose());
    const environment = {
      ...(await server.database(database)),
      ...broker?.environment,
      EVENTS_CREATE_TOPICS: 'true',
      LOG_LEVEL: 'fatal',
    };
    const listener = await listenerOf(bus, [createdType], environment, dependencies);
    const publisher = await BusProcess.start(folder, environment);
    return { folder, environment, listener, publisher };
  }

  if (lock !== undefined)
    onServers('events whose table is locked for a while have one effect each', async () => {
      const { folder, environment, listener, publisher } = await emit('locked');
      const subject = await Subject.ready(folder, environment);
      const warm = numbered('warm', 60);
      // Its handler has proved quick when the lock comes.
      await publisher.do('publish', warm.map(request));
      await vi.waitFor(async () => expect(await subject.list()).toHaveLength(warm.length), 20_000);
      const session = await server.session?.('locked');
      onTestFinished(async () => session?.end());
      await session?.query(lock.take);
      const stalled = numbered('stalled', 30);
      await publisher.do('publish', stalled.map(request));
      await delay(2000);
      await session?.query(lock.leave);
      await handled([subject], warm.length + stalled.length);
      await expectEffects(subject, listener, [...warm, ...stalled], () => [1]);
    });

  onServers(
    'a unit of work that is given up at any instant has no effect',
    { timeout: 60_000 + count * 60 },
    async () => {
      const { folder, environment, listener, publisher } = await emit('units');
      await fs.cp(path.join(import.meta.dirname, 'service'), folder, { recursive: true });
      const limits = {
        ...environment,
        ORDERS_A_UNIT: String(ordersOfUnit),
        EVENTS_ATTEMPTS: '3',
        EVENTS_RETRY_PAUSE_MS: '10',
      };
      const patient = await Subject.ready(folder, limits);
      // The first of a process take several times as long.
      await typicalMs(patient, numbered('warm', warmUnits), ordersOfUnit);
      const typical = await typicalMs(patient, numbered('undisturbed', 96), ordersOfUnit);
      const impatient = traits.transactions
        ? await impatientOne(folder, limits, typical)
        : await Subject.ready(folder, limits);
      // A document is one write: no limit passes between two, and no session holds half of it.
      const reasons = traits.transactions
        ? kinds
        : kinds.filter((kind) => kind !== 'limit' && kind !== 'killed');
      const next = random(seed);
      let kills = 0;
      // The stand-in for MongoDB takes some 20 ms for a write, one after the other.
      const units = traits.transactions ? count : count / 5;
      const ofEachKind = Math.ceil(units / (kinds.length + 1));
      for (const kind of reasons) {
        const subject = kind === 'limit' ? impatient : patient;
        const stop = kind === 'killed' ? await killAtRandom(next) : undefined;
        await forEach(numbered(kind, ofEachKind), (name) =>
          giveUp(kind, subject, { name, after: next() * 1.5 * typical }, ordersOfUnit),
        );
        kills += (await stop?.()) ?? 0;
      }
      const events = numbered('event', ofEachKind);
      await publisher.do('publish', events.map(request));
      await handled([patient, impatient], events.length);

      const endings = { ...(await endingsIn(patient)), ...(await endingsIn(impatient)) };
      const letters = await publisher.do('letters', 'orders.dead-letter');
      const given = letters.map(({ body }) => JSON.parse(body).data.original.key);
      const all = [...reasons.flatMap((kind) => numbered(kind, ofEachKind)), ...events];
      await expectEffects(patient, listener, all, (name) => {
        // Whether the server obeyed a COMMIT before its session ended cannot be known.
        if (name.startsWith('killed') && endings[name] !== 'committed') return [0, ordersOfUnit];
        const isDone = name.startsWith('event')
          ? !given.includes(name)
          : endings[name] === 'committed';
        return [isDone ? ordersOfUnit : 0];
      });
      const failures = reasons.map((kind) => {
        const names = numbered(kind, ofEachKind);
        return [kind, names.filter((name) => endings[name] !== 'committed').length] as const;
      });
      const attempts = await sumOf([patient, impatient], 'events_failed_total');
      const hits = Object.fromEntries([
        ...failures,
        ...(traits.transactions ? [['killed', kills]] : []),
        ['event', attempts],
      ]);
      console.log(`${datastore}, seed ${seed}: of ${ofEachKind} each were given up`, hits);
      // What never bites proves nothing; of few, few may be late on a machine that has other things to do.
      const least = count < 10_000 ? 0 : ofEachKind / 20;
      for (const [kind, hit] of Object.entries(hits))
        if (kind !== 'event' || traits.transactions) expect(hit, kind).toBeGreaterThan(least);
    },
  );

  /**
   * Starts an instance whose limit passes in the midst of units of work: shorter and shorter, until it does
   * for one in five of them, as a busy machine has said little of how long they take.
   */
  async function impatientOne(
    folder: string,
    limits: Readonly<Record<string, string>>,
    typical: number,
  ): Promise<Subject> {
    for (let share = 0.8; ; share *= 0.6) {
      const limit = Math.max(leastMs, Math.ceil(typical * share));
      const subject = await Subject.ready(folder, {
        ...limits,
        DATABASE_STATEMENT_TIMEOUT_MS: String(Math.floor(limit / 3)),
        DATABASE_TRANSACTION_TIMEOUT_MS: String(limit),
        EVENTS_HANDLER_TIMEOUT_MS: String(limit),
      });
      const tried = numbered(`within ${limit} ms`, 96);
      for (const names of [numbered(`warm for ${limit} ms`, warmUnits), tried])
        await forEach(names, (name) => giveUp('limit', subject, { name, after: 0 }, ordersOfUnit));
      const endings = await endingsIn(subject);
      const givenUp = tried.filter((name) => endings[name] !== 'committed');
      if (limit === leastMs || givenUp.length > tried.length / 5) return subject;
      subject.service.child.kill('SIGTERM');
      await subject.service.exited;
    }
  }

  /** Ends sessions of the service. */
  async function killAtRandom(next: () => number) {
    const session = await server.session?.('units');
    let isOver = false;
    let kills = 0;
    async function kill(): Promise<void> {
      while (!isOver) {
        await delay(next() * 20);
        await session?.killOne(next());
        kills += 1;
      }
      await session?.end();
    }
    const killing = kill();
    return async () => {
      isOver = true;
      await killing;
      return kills;
    };
  }
});

/** Waits until so many events have been dealt with, by all instances together. */
async function handled(subjects: readonly Subject[], events: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const done = await sumOf(subjects, 'events_handled_total');
      const givenUp = await sumOf(subjects, 'events_dead_lettered_total');
      expect(done + givenUp).toBeGreaterThanOrEqual(events);
    },
    { timeout: 60_000, interval: 100 },
  );
}

/**
 * Looks at every order that is there and every event that was heard: there must be as many orders of
 * each name as is allowed, events about each of them, and about no other.
 */
async function expectEffects(
  subject: Subject,
  listener: BusProcess,
  names: readonly string[],
  allowed: (name: string) => readonly number[],
): Promise<void> {
  await vi.waitFor(
    async () => expect((await subject.send('GET', '/metrics')).text).toContain('outbox_events 0'),
    { timeout: 20_000, interval: 100 },
  );
  const orders = await subject.list();
  const ids = orders.map(({ id }) => id).toSorted();
  const heard = () => [...new Set(listener.handled.map(({ key }) => key))].toSorted();
  await vi.waitFor(async () => {
    const lag = await listener.do('lag');
    expect(lag.map(([, messages]) => messages)).toEqual([0]);
    expect(heard()).toEqual(ids);
  }, 20_000);
  const stored = new Map<string, number>();
  for (const { reference } of orders) stored.set(reference, (stored.get(reference) ?? 0) + 1);
  const wrong = names
    .map((name) => ({ name, there: stored.get(name) ?? 0, allowed: allowed(name) }))
    .filter(({ there, allowed }) => !allowed.includes(there));
  expect(wrong).toEqual([]);
}

function numbered(name: string, howMany: number): string[] {
  return Array.from({ length: howMany }, (_, index) => `${name}-${index}`);
}

async function sumOf(subjects: readonly Subject[], metric: string): Promise<number> {
  const texts = await Promise.all(subjects.map((subject) => subject.send('GET', '/metrics')));
  const value = new RegExp(`^${metric}{type="${requestedType}"} (\\d+)`, 'm');
  return texts.reduce((sum, { text }) => sum + Number(value.exec(text)?.[1] ?? 0), 0);
}

function request(reference: string): Message {
  const event = {
    ...{ specversion: '1.0', id: reference, source: '/test', type: requestedType },
    ...{ subject: reference, time: new Date().toISOString(), datacontenttype: 'application/json' },
    data: { reference },
  };
  const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
  return { topic: requestedType, key: reference, body: JSON.stringify(event), headers };
}
