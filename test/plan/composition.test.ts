import { expect, test } from 'vitest';
import type { Composition } from '../../src/plan/layers.ts';
import { configSource } from '../../src/plan/source/config.ts';
import { importStatements } from '../../src/plan/source/imports.ts';
import { serviceSource } from '../../src/plan/source/service.ts';
import { serviceInfo } from '../../src/plan/source/service-info.ts';
import { standInsSource } from '../../src/plan/source/stand-ins.ts';

const database: Composition = {
  parts: [{ name: 'database', stage: 'database', call: ['database();'] }],
  config: [{ name: 'database', value: 'databaseConfig' }],
};
const api: Composition = { parts: [{ name: 'api', stage: 'api', call: ['api();'] }] };
const client: Composition = {
  dependencies: [
    { name: 'payments', type: 'Payments', value: { call: 'new Payments', with: ['app'] } },
  ],
};

test('parts start in the order of their stages, whatever the order of their layers', () => {
  const one = serviceSource([api, client, database]);
  expect(serviceSource([database, client, api])).toBe(one);
  expect(one).toMatch(
    /database\(\);\n\n {2}provide[\s\S]*payments: new Payments\(app\),[\s\S]*\n\n {2}api\(\);\n/,
  );
  expect(one).toContain('readonly payments: Payments;');
});

test('what nothing needs is not there', () => {
  const text = serviceSource([database]) + configSource([]);
  expect(text).not.toMatch(/provide|Dependencies/);
});

test('a narrower layer has its own call and dependency in the place of a wider one', () => {
  const narrower: Composition = {
    parts: [{ name: 'database', stage: 'database', call: ['other();'] }],
    dependencies: [
      { name: 'payments', comment: 'Not theirs.', type: 'Own', value: 'own' },
      { name: 'stock', type: 'Stock', value: 'stock' },
    ],
  };
  const text = serviceSource([database, client, narrower]);
  expect(text).toContain('  other();\n');
  expect(text).toContain('  /** Not theirs. */\n  readonly payments: Own;\n');
  expect(text).toContain('    payments: own,\n    stock,\n');
  expect(text).not.toMatch(/database\(\);|new Payments/);
});

test('the numbers of a part of the configuration are on one line, or each on its own', () => {
  const properties = { first: '1', second: '20_000' };
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`limit${at}`, `${at}000`]));
  const text = configSource([
    {
      config: [
        { name: 'short', value: { call: 'partOf', with: [{ properties }] } },
        {
          name: 'long',
          comment: 'Times.',
          value: { call: 'partOf', with: [{ properties: many }] },
        },
      ],
    },
  ]);
  expect(text).toContain('  short: partOf({ first: 1, second: 20_000 }),\n');
  expect(text).toContain(
    '  /** Times. */\n  long: partOf({\n    limit0: 0000,\n    limit1: 1000,\n',
  );
  expect(text).toContain('    limit8: 8000,\n  }),\n');
});

test('what stands in for servers is one line each, in the order of the layers', () => {
  const address = "'PAYMENTS_URL'";
  const payments: Composition = {
    standIns: [
      {
        name: 'payments',
        imports: ["{ otherService } from 'service-chassis/stand-ins'"],
        value: { call: 'otherService', with: [address, "'http://localhost:1'"] },
      },
    ],
  };
  const text = standInsSource([{ standIns: [{ name: 'database', value: 'made()' }] }, payments]);
  expect(text).toContain("import { otherService } from 'service-chassis/stand-ins';\n\nexport");
  expect(text).toMatch(
    /= \{\n {2}database: made\(\),\n {2}payments: otherService\('PAYMENTS_URL', .*\),\n\};\n$/,
  );
  expect(standInsSource([api])).toMatch(/^\/\/ [^\n]*\n\nexport const standIns = \{\};\n$/);
});

test('imports are one statement a module, sorted, and broken where they are long', () => {
  const clauses = [
    "part from './part.ts'",
    "{ b, type B } from 'z'",
    "type { A } from 'z'",
    "type { C } from '../c.ts'",
    "path from 'node:path'",
    "{ b } from 'z'",
  ];
  expect(importStatements(clauses)).toBe(`import path from 'node:path';
import { type A, type B, b } from 'z';
import type { C } from '../c.ts';
import part from './part.ts';
`);
  const one = `{ ${'a'.repeat(100)} } from 'z'`;
  expect(importStatements([one])).toBe(`import ${one};\n`);
  const long = `{ ${'a'.repeat(50)}, ${'b'.repeat(50)} } from 'z'`;
  expect(importStatements([long])).toBe(
    `import {\n  ${'a'.repeat(50)},\n  ${'b'.repeat(50)},\n} from 'z';\n`,
  );
});

test.each([
  ['plain', "'plain'"],
  ["it's", '"it\'s"'],
  ['both \' and "', "'both \\' and \"'"],
  ['back\\slash', "'back\\\\slash'"],
])('the description %s is a literal', (description, literal) => {
  expect(serviceInfo({ name: 'orders', description })).toContain(`  description: ${literal},\n`);
});
