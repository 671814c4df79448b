import { expect, test } from 'vitest';
import { busServers } from '../support/buses.ts';
import { random } from '../support/random.ts';
import { storeServers } from '../support/stores.ts';
import { type ChaosResult, runChaos } from './chaos.ts';
import { dialects } from './databases.ts';
import { dealt } from './deal.ts';
import { belowFloor, possibleFaults } from './faults.ts';

/** The short form; `npm run chaos` takes longer and says more. */
const orders = 500;
const seconds = 30;
const seed = Number(process.env.CREATE_SERVICE_SEED ?? 20_261_124);

/**
 * Every bus with the first datastore, and every other datastore that has transactions with a bus that
 * starts fast. ClickHouse has no outbox, and the stand-in for MongoDB, which takes one command at a
 * time, does not keep up with six instances.
 */
const [firstStore = '', ...otherStores] = Object.keys(dialects);
const systems = [
  ...Object.keys(busServers).map((bus) => ({ bus, datastore: firstStore })),
  ...otherStores.map((datastore) => ({ bus: 'nats', datastore })),
];
/** Each system has some of the faults, and together they have all. */
const hands = dealt(systems, random(seed));

const isAvailable = (bus: string, datastore: string): boolean =>
  busServers[bus]?.available === true && storeServers[datastore]?.available === true;

for (const [index, { bus, datastore }] of systems.entries())
  test.skipIf(!isAvailable(bus, datastore))(
    `${bus} and ${datastore}: nothing that was accepted is lost, doubled, out of order or made up, whatever goes wrong`,
    { timeout: 300_000 },
    async () => {
      const told: string[] = [];
      const tell = (line: string): void => void told.push(line);
      const faults = hands[index] ?? [];
      const options = { bus, datastore, seed: seed + index, orders, seconds, faults, tell };
      const { counts, tallies } = await runChaos(options);
      expect([...tallies.keys()].sort()).toEqual(faults.map(({ name }) => name).sort());
      console.table(Object.fromEntries(tallies));
      expect(belowFloor(tallies), told.join('\n')).toEqual([]);
      expect(counts.ordersAccepted, told.join('\n')).toBeGreaterThan(orders / 4);
      expect(counts.wrong, told.join('\n')).toEqual(nothing);
    },
  );

const nothing: ChaosResult['counts']['wrong'] = {
  acceptedButLost: 0,
  lostEvents: 0,
  phantoms: 0,
  doubledEffects: 0,
  outOfOrder: 0,
  leftInOutboxes: 0,
  deadLetters: 0,
};

/** What nothing but the fence is there for: an attempt that is given up can do nothing more. */
test.skipIf(!isAvailable('nats', firstStore))(
  'without the fence the same seed makes up or doubles events, and with it does not',
  { timeout: 240_000 },
  async () => {
    const found: number[] = [];
    const told: string[] = [];
    for (const version of ['impatient', 'unfenced'] as const) {
      const { counts, tallies } = await runChaos({
        ...{ bus: 'nats', datastore: firstStore, seed, orders: 300, seconds: 10 },
        ...{ version, instancesEach: 1, tell: (line) => told.push(`${version}: ${line}`) },
        // What made events up never comes to rest.
        ...(version === 'unfenced' ? { restMs: 15_000 } : {}),
        faults: possibleFaults.filter(({ name }) => name.includes('locked one after the other')),
      });
      expect(belowFloor(tallies), told.join('\n')).toEqual([]);
      found.push(counts.wrong.phantoms + counts.wrong.doubledEffects);
    }
    expect(found[0], told.join('\n')).toBe(0);
    expect(found[1], told.join('\n')).toBeGreaterThan(0);
  },
);
