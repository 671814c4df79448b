import { afterAll, beforeAll, describe, test } from 'vitest';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript } from '../support/emitted.ts';
import { haveServers, Servers } from '../support/servers.ts';
import { emit, matrix } from './emit.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;
/** Machines that run the matrix are busy. */
const patience = ['--testTimeout=60000', '--expect.poll.timeout=30000'];

const servers = new Servers();

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(async () => {
  await servers.dispose();
  await dependencies.dispose();
});

describe.each(matrix)('$title', ({ combination }) => {
  const { datastore = 'none' } = combination;
  test.skipIf(!haveServers({ datastore }))(
    'type-checks, lints and passes its own tests',
    { timeout: 400_000 },
    async () => {
      const folder = await emit(combination, dependencies);
      await expectScript(folder, 'typecheck');
      await expectScript(folder, 'lint');
      const store = await servers.store(datastore);
      // Without a fresh start for each file, which takes half of the time and finds nothing more.
      await expectScript(folder, 'test', ['--no-isolate', ...patience], store?.ownTests);
    },
  );
});
