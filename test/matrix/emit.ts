import path from 'node:path';
import { expect } from 'vitest';
import type { Combination } from '../../scripts/combinations.ts';
import { cli, temporaryFolder } from '../support/cli.ts';
import { flagsOf, pairwiseCombinations } from '../support/combinations.ts';
import { link } from '../support/emitted.ts';

/** Of the services of the matrix; two words, since that is where names go wrong. */
export const name = 'order-items';

/** Every pair of values that two choices can take occurs in one of these. */
export const matrix = pairwiseCombinations().map((combination) => ({
  combination,
  title: Object.values(combination).join(' × '),
}));

/** Emits a service of that combination, with its dependencies linked, and returns its folder. */
export async function emit(
  combination: Combination,
  dependencies: { readonly folder: string },
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
