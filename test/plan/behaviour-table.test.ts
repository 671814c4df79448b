import { expect, test } from 'vitest';
import { allCombinations, type Combination } from '../../scripts/combinations.ts';
import { parseAnswers, planFor } from '../../src/index.ts';

const context = { packageManager: 'npm', bundleNode: false, generatorVersion: '0.0.0' } as const;

/** The rows of the emitted table of policies, and the names of the emitted tests and their cases. */
function emitted(combination: Combination) {
  const { answers } = parseAnswers({ name: 'orders', ...combination });
  const { files } = planFor(answers, context);
  const readme = files.find(({ path }) => path === 'README.md')?.contents ?? '';
  const tables = [...readme.matchAll(/\| what happens \|[\s\S]*?\n\n/g)];
  const tests = files
    .filter(({ path }) => path.endsWith('.test.ts'))
    .flatMap(({ contents }) => [...contents.matchAll(/[([](?:\n\s*)?(['"])(.+?)\1,/g)])
    .map(([, , name = '']) => name);
  return { rows: tables.flatMap(([table]) => table.trim().split('\n').slice(2)), tests };
}

test('each row of the table of policies names a test that is emitted beside it', () => {
  for (const combination of allCombinations()) {
    const { rows, tests } = emitted(combination);
    expect(rows.length > 20).toBe(combination.style !== 'async');
    for (const row of rows) {
      const name = /`([^`]+)` \|$/.exec(row)?.[1] ?? 'no test';
      expect(
        tests.some((known) => known.replace(/^%s /, '') === name),
        row,
      ).toBe(true);
    }
  }
});
