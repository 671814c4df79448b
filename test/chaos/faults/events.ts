import fs from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { brokerAdmins } from '../broker-admins.ts';
import { type Fault, partsOf } from './fault.ts';

const topicOfChanges = 'orders.order-changed.v1';
const topics = ['orders.order-created.v1', topicOfChanges, 'inventory.inventory-created.v1'];

const firstFailureMs = 150_000;

/** What events and those who cause them bring about. */
export const events: readonly Fault[] = [
  {
    name: 'a topic refuses what is published',
    hit: 'events that waited in the outbox',
    floor: 2,
    async hurt({ system, seconds }) {
      const { orders, broker, bus } = system;
      const accept = await brokerAdmins[bus]?.refuse(broker.environment, topicOfChanges);
      const session = await orders.open();
      let most = 0;
      for (let tenths = 0; tenths < 10 * seconds(3, 20); tenths += 1) {
        const [row] = await session.query(
          `select count(*) as waiting from ${orders.dialect.quoted('outbox')}
           where event like '%"${topicOfChanges}"%'`,
        );
        most = Math.max(most, Number(row?.waiting));
        await delay(100);
      }
      await accept?.();
      await session.end();
      return most;
    },
  },
  {
    name: 'partitions are added',
    hit: 'events in added partitions',
    floor: 1,
    only: ['kafka'],
    async hurt({ system, atRest }) {
      const { broker, bus } = system;
      const admin = brokerAdmins[bus];
      let countIn: () => Promise<number> = async () => 0;
      // Only at rest: an aggregate's events go to another partition from now on.
      await atRest(async () => {
        countIn = (await admin?.addPartitions?.(broker.environment, topics)) ?? countIn;
        // Until every publisher knows of them, which takes five seconds, two may send to different ones.
        await delay(6000);
      });
      for (let tries = 0; tries < 40; tries += 1) {
        const count = await countIn();
        if (count > 0) return count;
        await delay(250);
      }
      return 0;
    },
  },
  {
    name: 'events are larger than most buses carry',
    hit: 'such requests that were answered',
    floor: 2,
    async hurt({ load }) {
      let answered = 0;
      for (let number = 0; number < 4; number += 1) {
        const id = await load.create(`large ${number}`);
        if (id === undefined) continue;
        await load.change(id, 1_200_000);
        answered += 1;
        // Later events of the same order go out, whatever became of that one.
        await load.change(id);
      }
      return answered;
    },
  },
  {
    name: 'the events of one busy order fail',
    hit: 'failures of its handler',
    floor: 2,
    async hurt({ system: { failingFile }, load, seconds }) {
      const before = await linesOf(`${failingFile}.log`);
      // The database may just have come back from another fault.
      let id: string | undefined;
      for (let tries = 0; id === undefined && tries < 100; tries += 1) {
        id = await load.create('a busy order');
        if (id === undefined) await delay(200);
      }
      if (id === undefined) return 0;
      await fs.writeFile(failingFile, id);
      const failures = async () => (await linesOf(`${failingFile}.log`)) - before;
      // Its events are behind all others, or in a partition of an instance that hangs: the first to fail
      // is waited for past every lease.
      const patience = performance.now() + firstFailureMs;
      while ((await failures()) === 0 && performance.now() < patience) {
        await load.change(id);
        await delay(100);
      }
      const ended = performance.now() + 1000 * seconds(3, 10);
      while (performance.now() < ended) await load.change(id);
      await fs.rm(failingFile);
      return failures();
    },
  },
  {
    name: 'clients leave before they are answered',
    hit: 'requests left behind',
    floor: 5,
    async hurt({ load, seconds }) {
      const before = load.left;
      load.isLeaving = true;
      await delay(1000 * seconds(2, 5));
      load.isLeaving = false;
      return load.left - before;
    },
  },
  {
    name: 'a handler outlives its session',
    hit: 'sessions ended by the server',
    floor: 3,
    async hurt({ system, next }) {
      let ended = 0;
      // On until there is one, where handlers are quick.
      for (let times = 0; times < 20 || (ended === 0 && times < 300); times += 1) {
        for (const { dialect, open } of partsOf(system)) {
          const session = await open();
          ended += await dialect.endSessions(session);
          await session.end();
        }
        await delay(100 * next());
      }
      return ended;
    },
  },
];

async function linesOf(file: string): Promise<number> {
  const text = await fs.readFile(file, 'utf8').catch(() => '');
  return text.split('\n').length - 1;
}
