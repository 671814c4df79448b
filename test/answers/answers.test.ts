import { stripTypeScriptTypes } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { suggestName } from '../../src/answers/capability-name.ts';
import {
  BadInputError,
  namesOf,
  type PlanContext,
  parseAnswers,
  planFor,
} from '../../src/index.ts';

const context: PlanContext = {
  packageManager: 'npm',
  bundleNode: false,
  generatorVersion: '0.0.0',
};

describe('a capability name', () => {
  test.each([
    ['orders', 'order', 'Order'],
    ['order-items', 'orderItem', 'OrderItem'],
    ['inventory', 'inventory', 'Inventory'],
    ['categories', 'category', 'Category'],
    ['records', 'recordEntry', 'RecordEntry'],
  ])('%s makes the aggregate %s of type %s', (name, value, type) => {
    expect(namesOf(name)).toMatchObject({ aggregate: value, aggregateType: type });
  });

  test.each([
    ['', 'empty'],
    ['../x', 'path'],
    ['/etc', 'path'],
    ['a\\b', 'path'],
    ['con', 'Windows'],
    ['lpt1', 'Windows'],
    ['class', 'JavaScript'],
    ['classes', 'JavaScript'],
    ['true', 'JavaScript'],
    ['http', 'Node.js'],
    ['health', 'platform'],
    ['fastify', 'package'],
    ['`id`', 'kebab-case'],
    ['$(id)', 'kebab-case'],
    ['{{x}}', 'kebab-case'],
    ['1st', 'kebab-case'],
    ['a--b', 'kebab-case'],
    ['-a', 'kebab-case'],
    ['оrders', 'U\\+043E'],
    ['a\u0000b', 'U\\+0000'],
    ['x'.repeat(41), '41 characters'],
  ])('%j is refused and the reason says %s', (name, reason) => {
    expect(() => parseAnswers({ name })).toThrow(BadInputError);
    expect(() => parseAnswers({ name })).toThrow(new RegExp(reason));
  });

  test('what was probably meant is offered, but never for paths, commands or look-alikes', () => {
    expect(suggestName('Order Items')).toBe('order-items');
    expect(suggestName('OrderItems')).toBe('order-items');
    expect(suggestName('order_items')).toBe('order-items');
    for (const text of ['../x', '$(id)', 'оrders', '{{x}}', 'a/b'])
      expect(suggestName(text)).toBeUndefined();
  });

  test('a technical layer is warned of, with the reason', () => {
    expect(parseAnswers({ name: 'orders-database' }).warnings).toEqual([
      expect.stringContaining('technical layer'),
    ]);
    expect(parseAnswers({ name: 'orders' }).warnings).toEqual([]);
  });
});

test('any name is refused clearly or emits a tree whose every file parses', () => {
  const words = fc.stringMatching(/^[a-z][a-z0-9-]{0,45}$/);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string(), words), (name) => {
      emitsOrRefuses({ name, style: 'both' });
    }),
    { numRuns: 300 },
  );
});

test('any description ends as data in every file', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 210 }), (description) => {
      const plan = emitsOrRefuses({ name: 'orders', description });
      if (plan === undefined) return;
      const contents = Object.fromEntries(plan.files.map((file) => [file.path, file.contents]));
      expect(JSON.parse(contents['package.json'] ?? '').description).toBe(description.trim());
      expect(JSON.parse(contents['service.json'] ?? '').description).toBe(description.trim());
    }),
    { numRuns: 200 },
  );
});

function emitsOrRefuses(given: Record<string, string>) {
  let answers: ReturnType<typeof parseAnswers>['answers'];
  try {
    ({ answers } = parseAnswers(given));
  } catch (error) {
    expect(error).toBeInstanceOf(BadInputError);
    // Nothing that a terminal would obey is repeated to it.
    expect(error instanceof Error && /\p{Cc}/u.test(error.message)).toBe(false);
    return undefined;
  }
  const plan = planFor(answers, context);
  for (const { path, contents } of plan.files) parseFile(path, contents);
  return plan;
}

function parseFile(path: string, contents: string): void {
  expect(path).toMatch(/^[\w./-]+$/);
  expect(contents).not.toMatch(
    /__(service|aggregate|Aggregate)\w*__|(aggregate|service)_(words|kebab|snake)/,
  );
  if (path.endsWith('.json')) JSON.parse(contents);
  if (path === 'compose.yaml') parseYaml(contents);
  if (path.endsWith('.ts') && parsedBefore.add(contents)) stripTypeScriptTypes(contents);
}

const parsedBefore = {
  seen: new Set<string>(),
  add(text: string): boolean {
    const isNew = !this.seen.has(text);
    this.seen.add(text);
    return isNew;
  },
};
