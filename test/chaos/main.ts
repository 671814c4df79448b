import { parseArgs } from 'node:util';
import { busServers } from '../support/buses.ts';
import { runChaos } from './chaos.ts';
import { belowFloor, possibleFaults, suits } from './faults.ts';
import { versions } from './versions.ts';

/**
 * `npm run chaos -- --bus kafka --datastore postgres --seed 1 --orders 20000 --seconds 1800`: prints what
 * was found. `--faults lock,index` takes only those faults whose names hold one of the words, and
 * `--version old` runs the services of the version before.
 */
const { values } = parseArgs({
  options: {
    bus: { type: 'string', default: Object.keys(busServers).join(',') },
    datastore: { type: 'string', default: 'postgres' },
    seed: { type: 'string', default: process.env.CREATE_SERVICE_SEED ?? '1' },
    orders: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '60' },
    instances: { type: 'string', default: '3' },
    faults: { type: 'string', default: '' },
    version: { type: 'string', default: 'current' },
  },
});
const version = versions.find((one) => one === values.version);
if (version === undefined) throw new Error(`the versions are ${versions.join(', ')}`);
const words = values.faults.split(',');
const wanted = possibleFaults.filter(({ name }) => words.some((word) => name.includes(word)));
const failed: string[] = [];
for (const bus of values.bus.split(',')) {
  const options = {
    bus,
    datastore: values.datastore,
    seed: Number(values.seed),
    orders: Number(values.orders),
    seconds: Number(values.seconds),
    instancesEach: Number(values.instances),
    version,
  };
  console.log('chaos', options);
  const tell = (line: string): void => console.log(`  ${line}`);
  const faults = wanted.filter((fault) => suits(fault, options));
  const { counts, tallies } = await runChaos({ ...options, faults, tell });
  console.table(Object.fromEntries(tallies));
  console.log(counts);
  const isWrong = Object.values(counts.wrong).some((count) => count > 0);
  const idle = belowFloor(tallies);
  for (const line of idle) console.log(line);
  if (isWrong || idle.length > 0) failed.push(bus);
}
if (failed.length > 0) console.log(`failed on ${failed.join(', ')}`);
// Not by `process.exitCode`: the package that runs PostgreSQL ends the process with 0 when nothing is left to do.
process.exit(failed.length > 0 ? 1 : 0);
