import type { Instance } from '../../support/instance.ts';
import type { Load } from '../load.ts';
import type { RunningSystem, RunningSystemPart } from '../system.ts';

/** What faults are done to. */
export interface Target {
  readonly system: RunningSystem;
  readonly load: Load;
  /** Numbers from the seed, from 0 to 1. */
  readonly next: () => number;
  /** Seconds that something lasts: fewer in a run of half a minute than in a long one. */
  readonly seconds: (short: number, long: number) => number;
  /**
   * Runs something while nobody asks and all events are handled; not, when these have not been in time.
   *
   * @returns whether it ran.
   */
  atRest(run: () => Promise<void>): Promise<boolean>;
}

/** One kind of thing that goes wrong, and is undone before it returns but for its after-effects. */
export interface Fault {
  readonly name: string;
  /** What a hit is: the effect that shows that it bit. */
  readonly hit: string;
  /**
   * How many hits there must be in a run, and in each full quarter of an hour of one: a fault that does not
   * bite proves nothing. About a third of what a slow machine came to.
   */
  readonly floor: number;
  /** The buses or datastores that can have it; all, if not given. */
  readonly only?: readonly string[];
  /** Whether this machine can do it; yes, if not given. */
  readonly isPossible?: boolean;
  /** Whether other faults may come meanwhile. */
  readonly aside?: boolean;
  /** @returns how often it hit. */
  hurt(target: Target): Promise<number>;
}

export function pick<T>(values: readonly T[], next: () => number): T {
  const value = values[Math.floor(next() * values.length)];
  if (value === undefined) throw new Error('there is nothing to pick from');
  return value;
}

export function partsOf({ orders, inventory }: RunningSystem): readonly RunningSystemPart[] {
  return [orders, inventory];
}

/** Some instance that nothing else is done to now, and the service that it is of. */
export function pickInstance({ system, load, next }: Target): {
  part: RunningSystemPart;
  instance: Instance;
} {
  const part = pick(partsOf(system), next);
  const free = part.instances.filter((instance) => !load.away.has(instance));
  return { part, instance: pick(free, next) };
}
