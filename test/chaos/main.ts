import { parseArgs } from 'node:util';
import { busServers } from '../support/buses.ts';
import { runChaos } from './chaos.ts';

/** `npm run chaos -- --bus kafka --datastore postgres --seed 1 --orders 20000 --seconds 1800`: prints what was found. */
const { values } = parseArgs({
  options: {
    bus: { type: 'string', default: Object.keys(busServers).join(',') },
    datastore: { type: 'string', default: 'postgres' },
    seed: { type: 'string', default: process.env.CREATE_SERVICE_SEED ?? '1' },
    orders: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '60' },
  },
});
for (const bus of values.bus.split(',')) {
  const options = {
    bus,
    datastore: values.datastore,
    seed: Number(values.seed),
    orders: Number(values.orders),
    seconds: Number(values.seconds),
  };
  console.log('chaos', options);
  const counts = await runChaos({ ...options, tell: (line) => console.log(`  ${line}`) });
  console.log(counts);
  const { acceptedButLost, ordersWithoutEvent, eventsWithoutOrder } = counts;
  const { effectsTwice, outOfOrder, deadLetters } = counts;
  const wrong = [acceptedButLost, ordersWithoutEvent, eventsWithoutOrder, effectsTwice, outOfOrder];
  if (wrong.concat(deadLetters).some((count) => count > 0)) process.exitCode = 1;
}
