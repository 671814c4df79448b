import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Combination } from '../../scripts/combinations.ts';
import { cli, temporaryFolder } from '../support/cli.ts';
import { flagsOf, pairwiseCombinations } from '../support/combinations.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { Servers } from '../support/servers.ts';

/** Of the services of the matrix; two words, since that is where names go wrong. */
export const name = 'order-items';

/** Every pair of values that two choices can take occurs in one of these. */
export const matrix = pairwiseCombinations().map(titled);

/**
 * Every pair but of a bus with a datastore or with a protocol: those know the bus by its port only, and where they
 * meet is `src/service.ts`, which is type-checked and started of each pair. It is for what has no bus but the
 * in-process one, as a service's own tests, and for what is added, which is of the port.
 */
export const matrixOfPort = pairwiseCombinations(
  (key, other) => !(other === 'bus' && (key === 'datastore' || key === 'protocol')),
).map(titled);

function titled(combination: Combination) {
  return { combination, title: Object.values(combination).join(' × ') };
}

/** What the tests of a file need: real servers, and dependencies for what they emit. */
export function prepareMatrix() {
  const servers = new Servers();
  let dependencies: Awaited<ReturnType<typeof installedDependencies>>;
  beforeAll(async () => {
    dependencies = await installedDependencies();
  });
  afterAll(async () => {
    await servers.dispose();
    await dependencies.dispose();
  });
  /** Emits a service, with its dependencies linked, and returns its folder. */
  const emit = (combination: Combination): Promise<string> => emitWith(dependencies, combination);
  return { servers, emit };
}

async function emitWith(
  dependencies: { readonly folder: string },
  combination: Combination,
): Promise<string> {
  const root = await temporaryFolder();
  const args = [name, '--yes', ...flagsOf(combination), '--cwd', root, '--no-install', '--no-git'];
  const { exitCode, stderr } = await cli(args);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  const folder = path.join(root, name);
  await link(folder, dependencies);
  return folder;
}
