import { setTimeout as delay } from 'node:timers/promises';
import { crashes } from './faults/crashes.ts';
import { databases } from './faults/database.ts';
import { events } from './faults/events.ts';
import { type Fault, pick, type Target } from './faults/fault.ts';
import { hangs } from './faults/hangs.ts';
import { links } from './faults/links.ts';
import { strangers } from './faults/versions.ts';

const all: readonly Fault[] = [
  ...crashes,
  ...links,
  ...hangs,
  ...databases,
  ...events,
  ...strangers,
];

/** What this machine can do. */
export const possibleFaults: readonly Fault[] = all.filter(({ isPossible = true }) => isPossible);

/** Whether a bus and a datastore can have it. */
export function suits({ only }: Fault, { bus, datastore }: Choice): boolean {
  return only === undefined || only.includes(bus) || only.includes(datastore);
}

/** What a system is made with. */
interface Choice {
  readonly bus: string;
  readonly datastore: string;
}

/** What `Fault.floor` is a number of hits in. */
const floorSeconds = 900;

/** What a run says of each fault that has bitten less often than it must: a run of those proves nothing. */
export function belowFloor(tallies: ReadonlyMap<string, Tally>): string[] {
  return [...tallies].flatMap(([name, { hits, floor }]) =>
    hits < floor ? `floor not reached: ${name}, ${hits} of ${floor}` : [],
  );
}

/** How often a fault was done, and how often it hit by its own count. */
export interface Tally {
  readonly hit: string;
  /** How many hits there must be. */
  readonly floor: number;
  times: number;
  hits: number;
  /** How many times it had no effect at all. */
  missed: number;
}

/**
 * Hurts the system, one fault after the other with pauses between, in an order from the seed in which each
 * comes once before any comes again, until each has and so many seconds have passed.
 */
export async function hurt(
  target: Target,
  faults: readonly Fault[],
  seconds: number,
  tell: (line: string) => void,
): Promise<ReadonlyMap<string, Tally>> {
  const { next } = target;
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  const tallies = new Map<string, Tally>();
  const aside: Promise<void>[] = [];
  const run = async ({ name, hit, floor, hurt }: Fault): Promise<void> => {
    const begun = elapsed();
    const hits = await hurt(target);
    tell(`${begun.toFixed(1)} to ${elapsed().toFixed(1)} s: ${name}; ${hit}: ${hits}`);
    const tally = tallies.get(name) ?? {
      hit,
      floor: floor * Math.max(1, Math.floor(seconds / floorSeconds)),
      times: 0,
      hits: 0,
      missed: 0,
    };
    tally.times += 1;
    tally.hits += hits;
    if (hits === 0) tally.missed += 1;
    tallies.set(name, tally);
  };
  // Until everything goes as usual.
  await delay(2000);
  let waiting: Fault[] = [];
  for (let count = 0; elapsed() < seconds || count < faults.length; count += 1) {
    if (waiting.length === 0) waiting = shuffled(faults, next);
    const fault = waiting.shift();
    if (fault === undefined) break;
    if (fault.aside === true) aside.push(run(fault));
    else await run(fault);
    await delay(300 + 1200 * next());
  }
  await Promise.all(aside);
  return tallies;
}

/** In an order from the seed. */
export function shuffled<T>(values: readonly T[], next: () => number): T[] {
  const left = [...values];
  const taken: T[] = [];
  while (left.length > 0) {
    const value = pick(left, next);
    left.splice(left.indexOf(value), 1);
    taken.push(value);
  }
  return taken;
}
