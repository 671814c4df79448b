import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Subject } from '../stores/subject.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { random } from '../support/random.ts';
import { haveServers, Servers } from '../support/servers.ts';
import { SlowProxy } from '../support/slow-proxy.ts';
import type { StoreSession } from '../support/stores.ts';
import { throughProxy } from '../support/through-proxy.ts';
import {
  emitOutboxService,
  expectMetric,
  listenTo,
  publish,
  textsHeard,
} from './outbox-service.ts';

/** More in `.ci/long`. */
const rounds = Number(process.env.CREATE_SERVICE_RELAY_ROUNDS ?? 60);
const seed = Number(process.env.CREATE_SERVICE_SEED ?? 20_261_124);
const bus = 'nats';
const subjects = ['a', 'b', 'c', 'd'] as const;
const textsEachTime = 20;

/** Ends the session of the instance that relays, or one of them all where that cannot be told. */
const endSession: Readonly<
  Record<string, (session: StoreSession, next: () => number) => Promise<unknown>>
> = {
  postgres: (session) =>
    session.query(
      `select pg_terminate_backend(pid) from pg_locks
       where locktype = 'advisory' and granted and pid <> pg_backend_pid()`,
    ),
  mysql: (session, next) => session.killOne(next()),
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

describe.each(['postgres', 'mysql'])('%s', (datastore) => {
  test.skipIf(!haveServers({ datastore, bus }))(
    'a relay that is given up at any instant loses no event, and brings none out of order',
    { timeout: 240_000 + rounds * 1500 },
    async () => {
      const next = random(seed);
      const database = `${datastore}_given_up`;
      const [store, broker] = [await servers.store(datastore), await servers.bus(bus)];
      const environment = {
        ...(await store?.database(database)),
        ...broker.environment,
        EVENTS_CREATE_TOPICS: 'true',
      };
      // So that there is mostly a batch that is sent and not yet confirmed.
      const proxy = await SlowProxy.to(broker.port);
      onTestFinished(() => proxy.dispose());
      proxy.answersAfterMs = 30;
      const slow = throughProxy(environment, broker.port, proxy.port);
      const folder = await emitOutboxService(datastore, bus, dependencies.folder);
      const instances = [
        await Subject.ready(folder, slow),
        await Subject.ready(folder, slow),
      ] as const;
      const listener = await listenTo(bus, dependencies.folder, environment);
      const session = await store?.session?.(database);
      onTestFinished(() => session?.end());

      /** How many texts of each subject were promised. */
      const promised = new Map<string, number>();
      let isOver = false;
      const callers = subjects.map(async (subject) => {
        for (let count = 0; !isOver; ) {
          const texts = Array.from(
            { length: textsEachTime },
            (_, index) => `${database}-${subject}-${String(count + index).padStart(6, '0')}`,
          );
          const asked = instances[next() < 0.5 ? 0 : 1];
          const notes = { type: 'noted', subject: `${database}-${subject}`, texts };
          const { status } = await asked.send('POST', '/notes', notes);
          // One that failed may have been obeyed all the same: it is asked again, with the same texts.
          if (status !== 201) continue;
          count += textsEachTime;
          promised.set(subject, count);
        }
      });
      for (let round = 0; round < rounds; round += 1) {
        await delay(80 * next());
        if (session !== undefined) await endSession[datastore]?.(session, next);
        if (round % 10 !== 9) continue;
        const { child } = instances[round % 20 === 9 ? 0 : 1].service;
        child.kill('SIGSTOP');
        await delay(500 * next());
        child.kill('SIGCONT');
      }
      isOver = true;
      await Promise.all(callers);
      // Each of them is slow to be published, and many are published again.
      const patience = 60_000 + rounds * 400;
      await publish(instances[0], { type: 'noted', subject: 'last', texts: [`${database}-last`] });
      await expectMetric(instances[0], 'outbox_events 0', patience);

      const heard = () => textsHeard(listener).filter((text) => text.startsWith(`${database}-`));
      await vi.waitFor(() => expect(heard()).toContain(`${database}-last`), patience);
      for (const subject of subjects) {
        const own = [...new Set(heard().filter((text) => text.includes(`-${subject}-`)))];
        expect(own).toEqual(own.toSorted());
        expect(own.length).toBeGreaterThanOrEqual(promised.get(subject) ?? 1);
      }
      const said = instances.map(({ service }) => service.output).join('');
      const gaveUp = said.split('the outbox could not be relayed').length - 1;
      // What was sent when the relay was given up comes again. Otherwise nothing was tried.
      const again = heard().length - new Set(heard()).size;
      expect(gaveUp + again).toBeGreaterThan(rounds / 4);
    },
  );
});
