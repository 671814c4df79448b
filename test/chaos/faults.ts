import { setTimeout as delay } from 'node:timers/promises';
import type { BusServer } from '../support/buses.ts';
import type { Instance } from '../support/instance.ts';
import { random } from '../support/random.ts';
import type { StoreServer } from '../support/stores.ts';
import type { TcpProxy } from './proxy.ts';

/** Everything that can be hurt. */
export interface System {
  readonly instances: readonly Instance[];
  readonly broker: BusServer;
  readonly databases: readonly StoreServer[];
  readonly links: readonly TcpProxy[];
}

type Fault = (system: System, next: () => number) => Promise<string>;

/** What goes wrong, each undone before it returns but for its after-effects. */
const faults: readonly Fault[] = [
  async ({ instances }, next) => {
    const instance = pick(instances, next);
    await instance.end('SIGKILL');
    await delay(2000 * next());
    instance.start();
    return `killed the instance ${instance.url}`;
  },
  async ({ broker }, next) => {
    await broker.stop();
    await delay(3000 * next());
    await broker.start();
    return 'killed the broker';
  },
  async ({ databases }, next) => {
    const database = pick(databases, next);
    await database.stop();
    await delay(2000 * next());
    await database.start();
    return 'crashed a database';
  },
  async ({ links }, next) => {
    pick(links, next).cut();
    return 'cut the connections of a link';
  },
  async ({ links }, next) => {
    const link = pick(links, next);
    const ms = Math.round(50 + 250 * next());
    link.slow(ms);
    await delay(4000 * next());
    link.slow(0);
    return `slowed a link by ${ms} ms each way`;
  },
];

/** Killing instances is tried more often: it is what happens most. */
const weights = [0, 0, 0, 0, 1, 2, 3, 3, 4];

/**
 * Hurts the system, one fault after the other with pauses between, each kind at least once, until so
 * many seconds have passed. The same seed gives the same sequence of faults.
 *
 * @returns how many there were.
 */
export async function hurt(
  system: System,
  seed: number,
  seconds: number,
  tell: (line: string) => void,
): Promise<number> {
  const next = random(seed);
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  let count = 0;
  while (elapsed() < seconds || count < faults.length) {
    const fault = faults[count] ?? faults[pick(weights, next)];
    tell(`${elapsed().toFixed(1)} s: ${await fault?.(system, next)}`);
    count += 1;
    await delay(1000 + 3000 * next());
  }
  return count;
}

function pick<T>(values: readonly T[], next: () => number): T {
  const value = values[Math.floor(next() * values.length)];
  if (value === undefined) throw new Error('there is nothing to pick from');
  return value;
}
