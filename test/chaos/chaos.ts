import path from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../support/cli.ts';
import { random } from '../support/random.ts';
import { type Fault, partsOf, type Target } from './faults/fault.ts';
import { hurt, type Tally } from './faults.ts';
import { Load } from './load.ts';
import { type RunningSystemPart, startSystem, type Undo } from './system.ts';
import { type Counts, countsOf, untilAtRest } from './verdict.ts';
import type { Version } from './versions.ts';

/** What to do to which bus and datastore. */
export interface ChaosOptions {
  readonly bus: string;
  readonly datastore: string;
  readonly seed: number;
  readonly orders: number;
  /** How long orders come and faults happen. */
  readonly seconds: number;
  readonly faults: readonly Fault[];
  /** What the services are made by; the one of this checkout if not given. */
  readonly version?: Version;
  readonly instancesEach?: number;
  /** How long nothing may change before what has not come to rest is given up, in milliseconds; a minute if not given. */
  readonly restMs?: number;
  readonly tell: (line: string) => void;
}

/** What was found, and what the faults did. */
export interface ChaosResult {
  readonly counts: Counts;
  readonly tallies: ReadonlyMap<string, Tally>;
}

/** From this length on, what hangs does so past every limit and lease with its default. */
const longRun = 300;

/**
 * Two emitted services, orders and inventory, some instances of each: orders are placed over HTTP and
 * published, inventory handles and publishes in turn, and orders handles that; meanwhile everything
 * goes wrong. Afterwards all is counted.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const undo: Undo = [];
  try {
    return await hurtAndCount(options, undo);
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

async function hurtAndCount(options: ChaosOptions, undo: Undo): Promise<ChaosResult> {
  const { seed, orders, seconds, tell, version = 'current', instancesEach = 3 } = options;
  const { restMs = 60_000 } = options;
  const system = await startSystem({ ...options, version, instancesEach }, undo);
  const instances = partsOf(system).flatMap((part) => part.instances);
  tell(`${instances.length} instances are ready at ${new Date().toISOString()}`);
  const load = new Load(system.orders.instances, random(seed + 1));
  const target: Target = {
    ...{ system, load, next: random(seed) },
    seconds: (short, long) => (seconds < longRun ? short : long),
    async atRest(run) {
      await load.pause();
      const isAtRest = await untilAtRest(system, 60_000);
      if (isAtRest) await run().finally(() => load.resume());
      else load.resume();
      return isAtRest;
    },
  };
  let hurting = true;
  const [tallies] = await Promise.all([
    hurt(target, options.faults, seconds, tell).finally(() => {
      hurting = false;
    }),
    load.run(orders, seconds, () => hurting),
  ]);
  tell('no more orders and faults; waiting for everything to come to rest');
  for (const instance of instances) await instance.untilReady(120_000);
  await untilAtRest(system, restMs);
  const exits = instances.flatMap(({ unexpectedExits }) => unexpectedExits);
  for (const exit of exits) tell(exit);
  const letters = await Promise.all(
    partsOf(system).map((part) => deadLettersOf(part, part.folders[version])),
  );
  const { wrong, details, ...found } = await countsOf(system, load.accepted);
  for (const detail of details) tell(detail);
  const counts: Counts = {
    ...found,
    faults: [...tallies.values()].reduce((sum, { times }) => sum + times, 0),
    unexpectedExits: exits.length,
    wrong: { ...wrong, deadLetters: letters.reduce((sum, count) => sum + count, 0) },
  };
  return { counts, tallies };
}

async function deadLettersOf({ environment }: RunningSystemPart, folder: string): Promise<number> {
  const node = path.join(packageRoot, 'node_modules/node/bin/node');
  const list = ['src/events/dlq.ts', 'list'];
  const { stdout } = await execa(node, list, { cwd: folder, env: environment, stdin: 'ignore' });
  return stdout === '' ? 0 : stdout.split('\n').length;
}
