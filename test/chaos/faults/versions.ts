import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '../../support/instance.ts';
import type { Version } from '../versions.ts';
import { type Fault, pickInstance, type Target } from './fault.ts';

/** The library libfaketime, which is put before the system's own clock. */
const fakeTime = process.env.CREATE_SERVICE_FAKETIME;

/**
 * Longer than anything takes: the version before did not fence the attempts that it gave up, and what is
 * looked for here is whether both can read each other's events.
 */
const patience = '60000';

/** Instances that are not like the others. */
export const strangers: readonly Fault[] = [
  {
    name: 'an instance is of the version before',
    hit: 'events that it published and handled',
    floor: 5,
    hurt: (target) => withVersion(target, 'old', { EVENTS_HANDLER_TIMEOUT_MS: patience }),
  },
  {
    name: 'an instance speaks with a header, column and field that others do not know',
    hit: 'events that it published and handled',
    floor: 5,
    hurt: (target) => withVersion(target, 'changed', {}),
  },
  {
    name: 'the clock of an instance is wrong',
    hit: 'events that it published and handled',
    floor: 5,
    isPossible: fakeTime !== undefined,
    async hurt(target) {
      const { part, instance } = pickInstance(target);
      const { folders, environment } = part;
      // Kafka refuses what is dated more than an hour ahead; elsewhere, past the retention of topics.
      const ahead = target.system.bus === 'kafka' ? '+50m' : '+8d';
      return replaced(target, instance, {
        folder: folders[target.system.version],
        environment: {
          ...environment,
          LD_PRELOAD: fakeTime ?? '',
          FAKETIME: target.next() < 0.7 ? ahead : '-50m',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        },
        back: { folder: folders[target.system.version], environment },
      });
    },
  },
];

function withVersion(
  target: Target,
  version: Version,
  changes: Readonly<Record<string, string>>,
): Promise<number> {
  const { part, instance } = pickInstance(target);
  const { folders, environment } = part;
  return replaced(target, instance, {
    folder: folders[version],
    environment: { ...environment, ...changes },
    back: { folder: folders[target.system.version], environment },
  });
}

interface Running {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Rolls an instance out as another, has it do some work, and rolls that back; returns how much it did. */
async function replaced(
  { load, seconds }: Target,
  instance: Instance,
  { back, ...other }: Running & { back: Running },
): Promise<number> {
  await restart(instance, other);
  let done = 0;
  const started = performance.now();
  while (performance.now() - started < 1000 * (done > 0 ? seconds(2, 20) : 20)) {
    done = await eventsDoneBy(instance);
    await delay(200);
  }
  load.away.add(instance);
  await restart(instance, back);
  load.away.delete(instance);
  return done;
}

async function restart(instance: Instance, { folder, environment }: Running): Promise<void> {
  await instance.end('SIGTERM');
  instance.become(folder, environment);
  instance.start();
  await instance.untilReady(120_000);
}

async function eventsDoneBy({ url }: Instance): Promise<number> {
  const answer = await fetch(`${url}/metrics`).catch(() => undefined);
  const text = (await answer?.text()) ?? '';
  const counts = text.matchAll(/^events_(?:published|handled)_total\{[^}]*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}
