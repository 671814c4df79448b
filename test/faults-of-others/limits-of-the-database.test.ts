import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { BusProcess } from '../buses/bus-process.ts';
import { emitOn, Subject } from '../stores/subject.ts';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { haveServers, Servers } from '../support/servers.ts';
import { SlowProxy } from '../support/slow-proxy.ts';
import { throughProxy } from '../support/through-proxy.ts';
import { request } from './events.ts';

/** The bus that starts the fastest; what holds here is a matter of the datastore. */
const bus = 'nats';
const attempts = 3;

/** So short that they are reached; three transactions that are too slow fit into one attempt. */
const limits = {
  DATABASE_CONNECT_TIMEOUT_MS: '400',
  DATABASE_STATEMENT_TIMEOUT_MS: '500',
  EVENTS_HANDLER_TIMEOUT_MS: '10000',
  EVENTS_ATTEMPTS: String(attempts),
  EVENTS_RETRY_PAUSE_MS: '1',
};

/** Statements that let nobody write to the service's table, and that let all again. */
const lock: Readonly<Record<string, readonly [lock: string[], unlock: string]>> = {
  postgres: [['begin', 'lock table orders in share mode'], 'rollback'],
  mysql: [['lock tables orders read'], 'unlock tables'],
};

const servers = new Servers();
let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(async () => {
  await servers.dispose();
  await dependencies.dispose();
});

/** A service that handles events, and whoever publishes them and reads the dead letters. */
async function started(datastore: string, limit: string, way: 'direct' | 'by a proxy' = 'direct') {
  const database = `${datastore}_${limit}`;
  const [store, broker] = [await servers.store(datastore), await servers.bus(bus)];
  const proxy = await SlowProxy.to(store?.port ?? 0);
  onTestFinished(() => proxy.dispose());
  const flags = ['--style', 'both', '--bus', bus];
  const folder = await emitOn(datastore, await temporaryFolder(), dependencies.folder, flags);
  await fs.cp(path.join(import.meta.dirname, 'service'), folder, { recursive: true });
  const calls = path.join(folder, 'calls');
  const own = (await store?.database(database)) ?? {};
  const environment = {
    // A proxy may lose the last that a server says before it closes a connection.
    ...(way === 'direct' ? own : throughProxy(own, store?.port ?? 0, proxy.port)),
    ...broker.environment,
    ...limits,
    EVENTS_CREATE_TOPICS: 'true',
    CALLS: calls,
  };
  const subject = await Subject.ready(folder, environment);
  const publisher = await BusProcess.start(folder, environment);
  const session = await store?.session?.(database);
  if (session === undefined) throw new Error(`${datastore} has no sessions`);
  onTestFinished(() => session.end());
  return {
    ...{ proxy, subject, session },
    /** Publishes an event for each, of an aggregate of its own. */
    publish: (...references: string[]) =>
      publisher.do(
        'publish',
        references.map((reference) => request(`${database} ${reference}`, reference, reference)),
      ),
    /** How often each event was tried that became a dead letter. */
    letters: async () => {
      const kept = await publisher.do('letters', 'orders.dead-letter');
      const own = kept.map(({ body }) => JSON.parse(body).data);
      return own.flatMap((letter) =>
        JSON.stringify(letter).includes(`${database} `) ? [letter.attempts] : [],
      );
    },
    calls: async () => (await fs.readFile(calls, 'utf8').catch(() => '')).split('\n').length - 1,
    failures: async () => {
      const { text } = await subject.send('GET', '/metrics');
      return Number(/^events_failed_total(?:{.*})? (\d+)/m.exec(text)?.[1] ?? 0);
    },
  };
}

describe.each(['postgres', 'mysql'])('%s', (datastore) => {
  const onServers = test.skipIf(!haveServers({ bus, datastore }));

  onServers(
    'a transaction that is ended because it waited for another service is an attempt, and no outage',
    { timeout: 120_000 },
    async () => {
      const { subject, publish, letters, calls } = await started(datastore, 'idle');
      await publish('slow', 'good');
      await vi.waitFor(async () => expect(await letters()).toEqual([attempts]), 60_000);
      expect(await calls()).toBe(attempts);
      await vi.waitFor(async () => expect(await subject.countOf('good')).toBe(1), 20_000);
      expect(await subject.countOf('slow')).toBe(0);
      expect(await subject.service.status('ready')).toBe(200);
      expect(subject.service.output).not.toContain('the database is away');
    },
  );

  onServers(
    'a statement that takes too long is an attempt, and no outage',
    { timeout: 120_000 },
    async () => {
      const { subject, session, publish, letters } = await started(datastore, 'statement');
      const [statements = [], unlock = ''] = lock[datastore] ?? [];
      for (const statement of statements) await session.query(statement);
      await publish('locked');
      await vi.waitFor(async () => expect(await letters()).toEqual([attempts]), 60_000);
      expect((await subject.create('locked')).status).toBe(503);
      expect(await subject.service.status('ready')).toBe(200);
      await session.query(unlock);
      expect((await subject.create('free')).status).toBe(201);
      expect(subject.service.output).not.toContain('the database is away');
    },
  );

  onServers(
    'an event that gets no connection in time is tried when it gets one, and that costs no attempt',
    { timeout: 120_000 },
    async () => {
      const { subject, proxy, session, publish, letters, failures } = await started(
        datastore,
        'pool',
        'by a proxy',
      );
      // New connections are not answered, and of the old ones none is left.
      proxy.answersAfterMs = 3_600_000;
      for (let ended = 0; ended < 20; ended += 1) await session.killOne(0);
      await publish('late');
      await vi.waitFor(async () => expect(await failures()).toBeGreaterThan(2 * attempts), 60_000);
      expect(await letters()).toEqual([]);
      proxy.answersAfterMs = 0;
      await subject.service.waitFor('ready', 200);
      await vi.waitFor(async () => expect(await subject.countOf('late')).toBe(1), 30_000);
      expect(await letters()).toEqual([]);
    },
  );
});
