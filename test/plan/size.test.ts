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

/** The most that a new service may be. It is to come down further as parts move into the chassis. */
const services = [
  { choices: { style: 'sync', datastore: 'postgres' }, most: { files: 32, lines: 1075 } },
  {
    choices: { style: 'both', datastore: 'postgres', bus: 'kafka' },
    most: { files: 43, lines: 1327 },
  },
  { choices: { kind: 'gateway' }, most: { files: 13, lines: 238 } },
];

/** Lines of `src`: what somebody reads who is new to the team. */
const mostOfSource = 750;

test.each(services)('a new service of $choices is no larger than it was', ({ choices, most }) => {
  const all = sizeOf(choices, ['src', 'test', 'development']);
  const source = sizeOf(choices, ['src']);
  console.log(Object.values(choices).join(' '), { all, source });
  expect(all.files).toBeLessThanOrEqual(most.files);
  expect(all.lines).toBeLessThanOrEqual(most.lines);
  expect(source.lines).toBeLessThanOrEqual(mostOfSource);
});
