import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { allCombinations, type Combination } from '../../scripts/combinations.ts';
import { templatesFolder } from '../../scripts/template-folders.ts';
import { parseAnswers, planFor } from '../../src/index.ts';
import { packageRoot } from '../support/cli.ts';

const context = { packageManager: 'npm', bundleNode: false, generatorVersion: '0.0.0' } as const;

/** The rows of the tables of behaviour in a text. */
function rowsIn(markdown: string): string[] {
  const tables = [...markdown.matchAll(/\| what happens \|[\s\S]*?\n(?:\n|$)/g)];
  return tables.flatMap(([table]) => table.trim().split('\n').slice(2));
}

/** The names of tests in a source text, and of their cases. */
function testsIn(source: string): string[] {
  return [...source.matchAll(/[([](?:\n\s*)?(['"])(.+?)\1,/g)].map(([, , name = '']) => name);
}

function expectTested(rows: readonly string[], tests: readonly string[]): void {
  for (const row of rows) {
    const name = /`([^`]+)` \|$/.exec(row)?.[1] ?? 'no test';
    expect(
      tests.some((known) => known.replace(/^%s /, '') === name),
      row,
    ).toBe(true);
  }
}

function emitted(combination: Combination) {
  const { answers } = parseAnswers({ name: 'orders', ...combination });
  const { files } = planFor(answers, context);
  const pages = files.filter(({ path }) => ['README.md', 'docs/operation.md'].includes(path));
  const tests = files.filter(({ path }) => path.endsWith('.test.ts'));
  const rows = pages.flatMap(({ contents }) => rowsIn(contents));
  return { rows, tests: tests.flatMap(({ contents }) => testsIn(contents)) };
}

test('each row of the tables of an emitted README and page on operation names a test that is emitted beside it', () => {
  for (const combination of allCombinations()) {
    const { rows, tests } = emitted(combination);
    expect(rows.length > 0).toBe(['sync', 'both'].includes(combination.style ?? ''));
    expectTested(rows, tests);
  }
});

test.each([
  ['resilience', 30],
  ['gateway', 29],
  ['grpc', 25],
])('each row of the table of docs/chassis/%s.md names a test', async (page, least) => {
  const folders = [
    path.join(packageRoot, 'chassis/test'),
    path.join(templatesFolder, 'service/test'),
  ];
  const files = await Promise.all(folders.map((folder) => namesIn(folder)));
  const sources = await Promise.all(files.flat().map((file) => fs.readFile(file, 'utf8')));
  const text = path.join(packageRoot, `docs/chassis/${page}.md`);
  const rows = rowsIn(await fs.readFile(text, 'utf8'));
  expect(rows.length).toBeGreaterThan(least);
  expectTested(rows, sources.flatMap(testsIn));
});

async function namesIn(folder: string): Promise<string[]> {
  const names = await fs.readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.test.ts')).map((name) => path.join(folder, name));
}
