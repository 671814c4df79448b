import { expect, test } from 'vitest';
import { busServers } from '../support/buses.ts';
import { runChaos } from './chaos.ts';

/** The short form; `npm run chaos` takes longer and says more. */
const orders = 400;
const faultsAtLeast = 5;

for (const [bus, { available }] of Object.entries(busServers)) {
  test.skipIf(!available)(
    `${bus}: nothing that was accepted is lost, doubled or out of order, whatever is killed`,
    { timeout: 300_000 },
    async () => {
      const told: string[] = [];
      const counts = await runChaos({
        ...{ bus, datastore: 'postgres', seed: 20_261_124, orders, seconds: 30 },
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
