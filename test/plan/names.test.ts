import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { allCombinations } from '../../scripts/combinations.ts';
import { checkCapabilityName } from '../../src/answers/capability-name.ts';
import { aggregateOf, namesOf } from '../../src/answers/naming.ts';
import { scopeNames, scopeValues } from '../../src/answers/reserved-names.ts';
import { type PlanContext, parseAnswers, planFor } from '../../src/index.ts';
import { packageRoot, temporaryFolder } from '../support/cli.ts';

const context: PlanContext = {
  packageManager: 'npm',
  bundleNode: false,
  generatorVersion: '0.0.0',
};

/** Names of every length; the longest single word makes the longest identifier. */
const names = Array.from({ length: 40 }, (_, index) => 'q'.repeat(index + 1)).concat(
  'order-items',
  'a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t',
);

test('what is emitted is formatted and lints clean, whatever the length of the name', {
  timeout: 240_000,
}, async () => {
  const root = await temporaryFolder();
  const config = await fs.readFile(
    path.join(packageRoot, 'templates/service/biome.json.template'),
    'utf8',
  );
  await fs.writeFile(path.join(root, 'biome.json'), config.replace(/.*\$schema.*\n/, ''));
  // What no name has changed is looked at once.
  const seen = new Set<string>();
  for (const [index, chosen] of allCombinations().entries()) {
    for (const name of names) {
      const { answers } = parseAnswers({ name, ...chosen });
      for (const file of planFor(answers, context).files) {
        if (!/\.(ts|json)$/.test(file.path) || file.path === 'biome.json') continue;
        // Generated, as its generator writes it.
        if (file.path.includes('/gen/')) continue;
        if (seen.has(file.contents)) continue;
        seen.add(file.contents);
        const target = path.join(root, `${index}-${name}`, file.path);
        await fs.mkdir(path.dirname(target), { recursive: true });
        await fs.writeFile(target, file.contents);
      }
    }
  }
  const biome = path.join(packageRoot, 'node_modules/.bin/biome');
  const args = ['check', '--max-diagnostics=20', '--error-on-warnings', '.'];
  const { failed, all } = await execa(biome, args, { cwd: root, all: true, reject: false });
  expect(failed, all).toBe(false);
  const checked = Number(/Checked (\d+) files/.exec(all)?.[1]);
  expect(checked).toBeGreaterThanOrEqual(seen.size);
});

/** The templates that say the aggregate's name in code, without their comments and texts. */
async function codeOfTemplates(word: RegExp): Promise<readonly string[]> {
  const layers = path.join(packageRoot, 'templates');
  const files = (await fs.readdir(layers, { recursive: true })).filter((file) =>
    file.endsWith('.ts'),
  );
  const texts = await Promise.all(
    files.map((file) => fs.readFile(path.join(layers, file), 'utf8')),
  );
  return texts
    .map((text) =>
      text
        .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
        .replace(/"[^"\n]*"|'[^'\n]*'|`[^`]*`|=\s*\/.*\/[a-z]*;/g, ''),
    )
    .filter((code) => word.test(code));
}

test('no aggregate can take a type name that the emitted code uses beside it', async () => {
  const used = new Set<string>();
  for (const code of await codeOfTemplates(/\b__Aggregate__\b/)) {
    // Capabilities are words in kebab-case, so only types of one capitalised word per dash can clash.
    for (const [name] of code.matchAll(/(?<![\w.#])[A-Z][A-Za-z0-9]*\b/g)) used.add(name);
  }
  expect(used.size).toBeGreaterThan(5);
  expect([...used].filter((name) => !scopeNames.has(name))).toEqual([]);
});

test('no aggregate can take the name of a value that the emitted code has beside its own', async () => {
  const used = new Set<string>();
  for (const code of await codeOfTemplates(/\b__aggregate__\b/)) {
    // Not what is a property: `.name`, or `name:` that is not a parameter with its type.
    const values = /(?<![\w.#])[a-z][A-Za-z0-9]*\b(?!\?|: (?!string|number|boolean|[A-Z(]))/g;
    for (const [name] of code.matchAll(values)) used.add(name);
  }
  // An aggregate is in the singular, and no word of the language.
  const possible = [...used].filter((name) => {
    const kebab = kebabOf(name);
    return checkCapabilityName(kebab).ok && aggregateOf(kebab) === kebab;
  });
  expect(possible.length).toBeGreaterThan(5);
  expect(possible.filter((name) => !scopeValues.has(name))).toEqual([]);
});

function kebabOf(camel: string): string {
  return camel.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

test.each([
  ['orders', 'an order'],
  ['audit-entries', 'an audit entry'],
  ['hours', 'an hour'],
  ['users', 'a user'],
  ['unit-prices', 'a unit price'],
  ['unplanned-stops', 'an unplanned stop'],
  ['invoices', 'an invoice'],
  ['sms', 'an sms'],
  ['usages', 'a usage'],
  ['one-offs', 'a one off'],
  ['utilisations', 'a utilisation'],
  ['payments', 'a payment'],
])('the aggregate of %s is %s in a sentence', (service, words) => {
  expect(namesOf(service).anAggregate).toBe(words);
});

test.each([
  ['orders', 'order', 'Orders'],
  ['categories', 'category', 'Categories'],
  ['shipping', 'shipping', 'Shipping'],
  ['records', 'record-entry', 'RecordEntries'],
  ['works', 'work-entry', 'WorkEntries'],
])('the names of %s are those of %s and %s', (service, one, several) => {
  const { aggregateKebab, aggregatesType } = namesOf(service);
  expect([aggregateKebab, aggregatesType]).toEqual([one, several]);
});
