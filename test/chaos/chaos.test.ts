import { expect, test } from 'vitest';
import { busServers } from '../support/buses.ts';
import { storeServers } from '../support/stores.ts';
import { runChaos } from './chaos.ts';

/** The short form; `npm run chaos` takes longer and says more. */
const orders = 400;
const faultsAtLeast = 5;

/**
 * Every bus with the first datastore, and every other datastore that has transactions with a bus that
 * starts fast. ClickHouse has no outbox, and the stand-in for MongoDB, which takes one command at a
 * time, does not keep up with six instances.
 */
const [firstStore = '', ...otherStores] = Object.entries(storeServers)
  .filter(([, { traits }]) => traits.transactions)
  .map(([name]) => name);
const systems = [
  ...Object.keys(busServers).map((bus) => ({ bus, datastore: firstStore })),
  ...otherStores.map((datastore) => ({ bus: 'nats', datastore })),
];

for (const { bus, datastore } of systems) {
  const available = busServers[bus]?.available && storeServers[datastore]?.available;
  test.skipIf(!available)(
    `${bus} and ${datastore}: nothing that was accepted is lost, doubled or out of order, whatever is killed`,
    { timeout: 300_000 },
    async () => {
      const told: string[] = [];
      const counts = await runChaos({
        ...{ bus, datastore, seed: 20_261_124, orders, seconds: 30 },
        tell: (line) => told.push(line),
      });
      expect(counts.faults, told.join('\n')).toBeGreaterThanOrEqual(faultsAtLeast);
      expect(counts.ordersAccepted).toBeGreaterThan(orders / 4);
      expect(counts, told.join('\n')).toMatchObject({
        acceptedButLost: 0,
        ordersWithoutEvent: 0,
        eventsWithoutOrder: 0,
        effectsTwice: 0,
        outOfOrder: 0,
        deadLetters: 0,
      });
    },
  );
}
