import fs from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import {
  answersSchema,
  choices,
  type PlanContext,
  parseAnswers,
  planFor,
  planService,
} from '../../src/index.ts';
import { packagedTemplates } from '../../src/plan/packaged-templates.ts';
import { packageRoot } from '../support/cli.ts';

const context: PlanContext = {
  packageManager: 'npm',
  bundleNode: false,
  generatorVersion: '0.0.0',
};

test('no datastore or bus is named in the engine outside the schema of choices', () => {
  const values = choices.flatMap((choice) =>
    choice.kind === 'select' && ['datastore', 'bus'].includes(choice.key)
      ? choice.options.map(({ value }) => value)
      : [],
  );
  const named = new RegExp(values.filter((value) => value !== 'none').join('|'));
  const sources = fs
    .readdirSync(path.join(packageRoot, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/choices\.ts$|reserved-names\.ts$/.test(file));
  expect(sources.length).toBeGreaterThan(20);
  const guilty = sources.filter((file) => {
    const text = fs
      .readFileSync(path.join(packageRoot, 'src', file), 'utf8')
      .replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
    return named.test(text) && !file.endsWith('help.ts');
  });
  expect(guilty).toEqual([]);
});

test('a layer that is new lays its files, fragment and README section without a change to the engine', () => {
  const packaged = packagedTemplates();
  const layer = {
    name: 'style-sync+datastore-none',
    files: { 'src/__service__.txt': 'for __Aggregate__' },
    readme: { '99-new.md': 'New of __service__.' },
    operation: { '99-new.md': 'Operate new of __service__.' },
    fragment: {
      package: { dependencies: ['zod'], scripts: { hello: 'echo' } },
      environment: [{ name: 'NEW_URL', example: 'x', description: 'new', required: true }],
      compose: { services: { brandnew: { image: 'x' } } },
    },
  };
  const templates = {
    names: [...packaged.names, layer.name],
    catalogue: packaged.catalogue,
    read: (name: string) => (name === layer.name ? layer : packaged.read(name)),
  };
  const { answers } = parseAnswers({ name: 'orders', datastore: 'none' });
  const files = new Map(
    planService(answers, context, templates).files.map((file) => [file.path, file.contents]),
  );
  expect(files.get('src/orders.txt')).toBe('for Order');
  expect(files.get('README.md')).toContain('New of orders.');
  expect(files.get('docs/operation.md')).toContain('Operate new of orders.');
  expect(files.get('docs/operation.md')).toContain('`NEW_URL`');
  expect(files.get('.env.example')).toContain('NEW_URL=x');
  expect(files.get('compose.yaml')).toContain('brandnew:');
  expect(JSON.parse(files.get('package.json') ?? '').scripts.hello).toBe('echo');
});

test('planning is pure: the same answers give the same plan', () => {
  const { answers } = parseAnswers({ name: 'orders', style: 'both' });
  expect(planFor(answers, context)).toEqual(planFor(answers, context));
});

test('the published JSON schema accepts what the answers accept, and refuses what they refuse', () => {
  const validate = new Ajv2020({ strict: false }).compile(answersSchema());
  for (const given of [
    { name: 'orders' },
    { name: 'orders', style: 'both', bus: 'kafka', datastore: 'none', description: 'x' },
    { name: 'orders', style: 'sync', bus: 'kafka' },
    { name: 'Orders' },
    { name: 'orders', style: 'other' },
    { name: 'orders', unknown: 'x' },
    {},
  ]) {
    expect(validate(given), JSON.stringify(given)).toBe(accepts(given));
  }
});

function accepts(given: Record<string, string>): boolean {
  try {
    parseAnswers(given);
    return true;
  } catch {
    return false;
  }
}

test.each([
  ['orders', { style: 'sync', datastore: 'postgres' }],
  ['shipping', { style: 'both', datastore: 'postgres' }],
  ['audit-entries', { style: 'async', datastore: 'none' }],
])('the whole tree of %s is as reviewed', async (name, choicesMade) => {
  const { answers } = parseAnswers({ name, ...choicesMade });
  const plan = planFor(answers, context);
  const folder = path.join(packageRoot, 'test/snapshots', name);
  await expect(`${plan.files.map((file) => file.path).join('\n')}\n`).toMatchFileSnapshot(
    `${folder}.tree.txt`,
  );
  for (const file of plan.files)
    await expect(file.contents).toMatchFileSnapshot(path.join(folder, file.path));
  const left = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  expect(left.sort()).toEqual(plan.files.map((file) => file.path).sort());
});
