import { expect, test } from 'vitest';
import { haveServers } from '../support/servers.ts';
import { runChaos } from './chaos.ts';
import { dialects } from './databases.ts';
import { possibleFaults } from './faults.ts';

const [datastore = ''] = Object.keys(dialects);
const seed = Number(process.env.CREATE_SERVICE_SEED ?? 20_261_124);

/** That the faults bite: the version before did not stop what it had given up. */
test.skipIf(!haveServers({ bus: 'nats', datastore }))(
  'under the same faults the version before makes up and doubles events',
  { timeout: 120_000 },
  async () => {
    const told: string[] = [];
    const { counts } = await runChaos({
      ...{ bus: 'nats', datastore, seed, orders: 300, seconds: 10 },
      ...{ version: 'old', instancesEach: 1, tell: (line) => told.push(line) },
      faults: possibleFaults.filter(({ name }) => name.includes('locked one after the other')),
    });
    const { phantoms, doubledEffects } = counts.wrong;
    expect(phantoms + doubledEffects, told.join('\n')).toBeGreaterThan(0);
  },
);
