import { expect, test } from 'vitest';
import { parseAnswers, planFor } from '../../src/index.ts';

const context = { packageManager: 'npm', bundleNode: false, generatorVersion: '0.0.0' } as const;

/** What a team is given to own: the files of a folder and their lines, without what is generated. */
function sizeOf(choices: Readonly<Record<string, string>>, folders: readonly string[]) {
  const { files } = planFor(parseAnswers({ name: 'orders', ...choices }).answers, context);
  const own = files.filter(
    ({ path }) => folders.some((folder) => path.startsWith(`${folder}/`)) && !/\/gen\//.test(path),
  );
  const lines = own.map(({ contents }) => contents.trimEnd().split('\n').length);
  return { files: own.length, lines: lines.reduce((sum, each) => sum + each, 0) };
}

/** The most that a new service may be, and what docs/architecture.md wants it to come down to. */
const services = [
  { choices: { style: 'sync', datastore: 'postgres' }, most: { files: 97, lines: 4200 } },
  {
    choices: { style: 'both', datastore: 'postgres', bus: 'kafka' },
    most: { files: 159, lines: 7750 },
  },
  { choices: { kind: 'gateway' }, most: { files: 70, lines: 3400 } },
];

test.each(services)('a new service of $choices is no larger than it was', ({ choices, most }) => {
  const all = sizeOf(choices, ['src', 'test', 'development']);
  const source = sizeOf(choices, ['src']);
  console.log(Object.values(choices).join(' '), { all, source });
  expect(all.files).toBeLessThanOrEqual(most.files);
  expect(all.lines).toBeLessThanOrEqual(most.lines);
});
