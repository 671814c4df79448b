import { setTimeout as delay } from 'node:timers/promises';
import { accepts } from '../../support/ports.ts';
import { canMount } from '../../support/small-disk.ts';
import type { Session } from '../databases.ts';
import type { RunningSystemPart } from '../system.ts';
import { probeMark } from '../verdict.ts';
import { type Fault, partsOf, pick, type Target } from './fault.ts';

/** A column of each table that services write to, as an index would be built on. */
const indexed: Readonly<Record<string, string>> = {
  orders: 'reference',
  inventory: 'reference',
  outbox: 'written_at',
  inbox: 'handled_at',
};

/** What databases do that are alive. */
export const databases: readonly Fault[] = [
  {
    name: 'a table is locked for longer than handlers may take',
    hit: 'statements that waited for it',
    floor: 1,
    async hurt(target) {
      const { part, table } = pickTable(target);
      const locker = await part.open();
      await part.dialect.lock(locker, table);
      try {
        return await mostWaiting(part, lockedMs(target));
      } finally {
        await release(part, locker);
      }
    },
  },
  {
    name: "a handler's tables are locked one after the other",
    hit: 'statements that waited for one',
    floor: 4,
    // Each for less than a statement may take, and together for longer than the handler may.
    async hurt({ system, next }) {
      const part = system.inventory;
      const lockers: Session[] = [];
      let hits = 0;
      for (const table of [part.name, 'outbox', part.name, 'outbox']) {
        const locker = await part.open();
        await part.dialect.lock(locker, table);
        await release(part, lockers.pop());
        lockers.push(locker);
        hits += await mostWaiting(part, 1550 + 100 * next());
      }
      await release(part, lockers.pop());
      return hits;
    },
  },
  {
    name: 'an index is built',
    hit: 'statements that waited for it',
    floor: 1,
    async hurt(target) {
      const { part, table } = pickTable(target);
      const end = await part.dialect.buildIndex(part.open, table, indexed[table] ?? '');
      return mostWaiting(part, lockedMs(target)).finally(end);
    },
  },
  {
    name: 'a database takes no writes',
    hit: 'writes that it refused',
    floor: 10,
    async hurt(target) {
      const part = pick(partsOf(target.system), target.next);
      const session = await part.open();
      await part.dialect.setReadOnly(session, true);
      const hits = await refusedWrites(target, part, 1000 * target.seconds(3, 15));
      await part.dialect.setReadOnly(session, false);
      await session.end();
      return hits;
    },
  },
  {
    name: "a database's disk is full",
    hit: 'writes that it refused',
    floor: 10,
    only: ['postgres'],
    isPossible: canMount,
    async hurt(target) {
      const part = pick(partsOf(target.system), target.next);
      const filler = await part.open();
      await part.disk?.fill();
      await fillOutbox(filler);
      const hits = await refusedWrites(target, part, 1000 * target.seconds(4, 15));
      await part.disk?.free();
      await filler.end().catch(() => undefined);
      // Without room for its log it may have ended, and not have come up by itself.
      await delay(500);
      if (!(await accepts(part.database.port))) await part.database.start();
      return hits;
    },
  },
];

/** Takes the room that is left inside the table, until the session ends. */
async function fillOutbox(session: Session): Promise<void> {
  await session.query('begin');
  for (const rows of [100, 10, 1]) {
    const insert = `insert into outbox (event) select repeat('.', 400) from generate_series(1, ${rows})`;
    let hasRoom = true;
    while (hasRoom) {
      hasRoom = await session.query(`savepoint row; ${insert}`).then(
        () => true,
        () => false,
      );
    }
    // Unless even the server has ended.
    await session.query('rollback to savepoint row').catch(() => undefined);
  }
}

/** Some table that services write to. */
function pickTable({ system, next }: Target): { part: RunningSystemPart; table: string } {
  const part = pick(partsOf(system), next);
  return { part, table: pick([part.name, 'inbox', 'outbox'], next) };
}

async function release({ dialect }: RunningSystemPart, locker: Session | undefined): Promise<void> {
  if (locker === undefined) return;
  await dialect.unlock(locker);
  await locker.end();
}

/** Longer than an attempt of a handler may take, in half of the cases. */
function lockedMs({ next }: Target): number {
  return 1000 * (next() < 0.5 ? 1.5 : 5) + 1000 * next();
}

/** How many statements waited for a lock at most, over a time, and on until one has, where there are few. */
async function mostWaiting({ dialect, open }: RunningSystemPart, ms: number): Promise<number> {
  const watcher = await open();
  const started = performance.now();
  let most = 0;
  while (performance.now() - started < (most > 0 ? ms : ms + 15_000)) {
    most = Math.max(most, await dialect.waiting(watcher));
    await delay(50);
  }
  await watcher.end();
  return most;
}

/** How many of a service's own requests for a write were refused, over a time. */
async function refusedWrites(
  { load: { away } }: Target,
  { instances, name }: RunningSystemPart,
  ms: number,
): Promise<number> {
  const serving = instances.find((instance) => !away.has(instance));
  const ended = performance.now() + ms;
  let refused = 0;
  const ask = async (): Promise<void> => {
    while (performance.now() < ended) {
      if (!(await takesWrite(`${serving?.url}/${name}`))) refused += 1;
      await delay(50);
    }
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  return refused;
}

async function takesWrite(url: string): Promise<boolean> {
  const answer = await fetch(url, {
    method: 'POST',
    signal: AbortSignal.timeout(4000),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reference: `${probeMark}${'.'.repeat(150)}` }),
  }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status === 201;
}
