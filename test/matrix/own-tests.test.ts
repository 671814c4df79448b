import { describe, test } from 'vitest';
import { expectScript } from '../support/emitted.ts';
import { haveServers } from '../support/servers.ts';
import { matrix, prepareMatrix } from './prepare.ts';

const { servers, emit } = prepareMatrix();
/** Machines that run the matrix are busy. */
const patience = ['--testTimeout=60000', '--expect.poll.timeout=30000'];

describe.each(matrix)('$title', ({ combination }) => {
  const { datastore = 'none' } = combination;
  test.skipIf(!haveServers({ datastore }))(
    'type-checks, lints and passes its own tests',
    { timeout: 400_000 },
    async () => {
      const folder = await emit(combination);
      await expectScript(folder, 'typecheck');
      await expectScript(folder, 'lint');
      const store = await servers.store(datastore);
      // Without a fresh start for each file, which takes half of the time and finds nothing more.
      await expectScript(folder, 'test', ['--no-isolate', ...patience], store?.ownTests);
    },
  );
});
