import path from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../support/cli.ts';
import { hurt } from './faults.ts';
import { placeOrders } from './load.ts';
import { type RunningSystemPart, startSystem, type Undo } from './system.ts';
import { type Counts, countsOf, untilAtRest } from './verdict.ts';

/** What to do to which bus and datastore. */
export interface ChaosOptions {
  readonly bus: string;
  readonly datastore: string;
  readonly seed: number;
  readonly orders: number;
  /** How long orders come and faults happen. */
  readonly seconds: number;
  readonly tell: (line: string) => void;
}

/**
 * Two emitted services, orders and inventory, three instances of each: orders are placed over HTTP
 * and published, inventory handles them, and meanwhile instances, the broker and the databases are
 * killed, and connections cut and slowed. Afterwards all is counted.
 */
export async function runChaos(options: ChaosOptions): Promise<Counts> {
  const undo: Undo = [];
  try {
    return await hurtAndCount(options, undo);
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

async function hurtAndCount(
  { bus, datastore, seed, orders, seconds, tell }: ChaosOptions,
  undo: Undo,
): Promise<Counts> {
  const system = await startSystem(bus, datastore, undo);
  const parts = [system.orders, system.inventory];
  const instances = parts.flatMap((part) => part.instances);
  tell(`${instances.length} instances are ready`);
  const targets = {
    instances,
    broker: system.broker,
    databases: parts.map(({ database }) => database),
    links: [system.brokerLink, ...parts.map(({ link }) => link)],
  };
  let hurting = true;
  const [accepted, faults] = await Promise.all([
    placeOrders(system.orders.instances, orders, seconds, () => hurting),
    hurt(targets, seed, seconds, tell).finally(() => {
      hurting = false;
    }),
  ]);
  tell('no more orders and faults; waiting for everything to come to rest');
  for (const instance of instances) await instance.untilReady();
  const [from, to] = parts.map((part) => part.instances[0]?.url ?? '');
  await untilAtRest(`${from}/orders`, `${to}/inventory`);
  const exits = instances.flatMap(({ unexpectedExits }) => unexpectedExits);
  for (const exit of exits) tell(exit);
  const letters = await Promise.all(parts.map(deadLettersOf));
  return {
    ...(await countsOf(`${from}/orders`, `${to}/inventory`, accepted)),
    faults,
    unexpectedExits: exits.length,
    deadLetters: letters.reduce((sum, count) => sum + count, 0),
  };
}

async function deadLettersOf({ folder, environment }: RunningSystemPart): Promise<number> {
  const node = path.join(packageRoot, 'node_modules/node/bin/node');
  const list = ['src/events/dlq.ts', 'list'];
  const { stdout } = await execa(node, list, { cwd: folder, env: environment, stdin: 'ignore' });
  return stdout === '' ? 0 : stdout.split('\n').length;
}
