import { describe, test } from 'vitest';
import type { Combination } from '../../scripts/combinations.ts';
import { expectScript } from '../support/emitted.ts';
import { haveServers } from '../support/servers.ts';
import { matrix, matrixOfPort, prepareMatrix } from './prepare.ts';

/** Machines that run the matrix are busy. */
const patience = ['--testTimeout=60000', '--expect.poll.timeout=30000'];

/** Tests those services of the matrix that are asked for: not all in one file, so that files run side by side. */
export function testOwnTests(isAskedFor: (combination: Combination) => boolean): void {
  const { servers, emit } = prepareMatrix();
  const asked = ({ combination }: { combination: Combination }) => isAskedFor(combination);
  const tested = new Set(matrixOfPort.map(({ title }) => title));

  test.each(matrix.filter(asked).filter(({ title }) => !tested.has(title)))(
    '$title type-checks and lints',
    { timeout: 200_000 },
    async ({ combination }) => {
      const folder = await emit(combination);
      await expectScript(folder, 'typecheck');
      await expectScript(folder, 'lint');
    },
  );

  describe.each(matrixOfPort.filter(asked))('$title', ({ combination }) => {
    const { datastore = 'none' } = combination;
    test.skipIf(!haveServers({ datastore }))(
      'type-checks, lints and passes its own tests',
      { timeout: 400_000 },
      async () => {
        const folder = await emit(combination);
        await expectScript(folder, 'typecheck');
        await expectScript(folder, 'lint');
        const store = await servers.store(datastore);
        await expectScript(folder, 'test', patience, store?.ownTests);
      },
    );
  });
}
