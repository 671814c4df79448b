import { describe, test } from 'vitest';
import type { Combination } from '../../scripts/combinations.ts';
import { expectScript } from '../support/emitted.ts';
import { haveServers } from '../support/servers.ts';
import { matrix, prepareMatrix } from './prepare.ts';

/** Machines that run the matrix are busy. */
const patience = ['--testTimeout=60000', '--expect.poll.timeout=30000'];

/** Tests those services of the matrix that are asked for: not all in one file, so that files run side by side. */
export function testOwnTests(isAskedFor: (combination: Combination) => boolean): void {
  const { servers, emit } = prepareMatrix();
  const asked = matrix.filter(({ combination }) => isAskedFor(combination));
  describe.each(asked)('$title', ({ combination }) => {
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
}
