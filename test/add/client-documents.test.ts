import fs from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { BadInputError } from '../../src/index.ts';
import { restClientEmission } from '../../src/rest-client/emission.ts';
import { withFiles } from '../../src/service/tree.ts';
import { packageRoot, temporaryFolder } from '../support/cli.ts';

const service = {
  folder: '/orders',
  manifest: {
    name: 'orders',
    chosen: {},
    publishes: [],
    handles: [],
    contracts: [],
    calls: [],
    ejected: undefined,
    routes: [],
    generator: {},
  },
  tree: withFiles({ read: () => undefined, list: () => [] }, []),
};

function emit(document: unknown, operations = 'all') {
  const gathered = { document, provider: '../things.json', where: '"things.json"' };
  const around = { service, neighbours: [], document: gathered };
  const { files = [], notes = [] } = restClientEmission({ name: 'things', operations }, around);
  const texts = new Map(files.map((file) => [file.path, file.contents]));
  const of = (name: string): string => texts.get(`src/clients/things/${name}`) ?? '';
  return { files, notes, of };
}

/** A document of one operation, which has whatever is given. */
function withOperation(operation: object, more: object = {}): object {
  const responses = { 200: { description: '' } };
  return {
    openapi: '3.1.0',
    info: { title: 'things', version: '1' },
    paths: { '/things': { get: { operationId: 'find', responses, ...operation } } },
    ...more,
  };
}

function answering(schema: unknown, more: object = {}): object {
  const content = { 'application/json': { schema } };
  return withOperation({ responses: { 200: { description: '', content } } }, more);
}

const schemas = (all: object): object => ({ components: { schemas: all } });
const thing = { $ref: '#/components/schemas/Thing' };

describe('of each form of schema', () => {
  test.each([
    [{ type: 'string', nullable: true }, 'string | null'],
    [{ type: ['integer', 'null'] }, 'number | null'],
    [{ const: 'a' }, "'a'"],
    [{ enum: ['a', 1, null, true] }, "'a' | 1 | null | true"],
    [{ type: 'array', items: { enum: ['a', 'b'] } }, "('a' | 'b')[]"],
    [{ type: 'array', prefixItems: [{ type: 'string' }] }, 'unknown[]'],
    [
      { type: 'object', additionalProperties: { type: 'number' } },
      '{\n  [key: string]: number;\n}',
    ],
    [{}, 'unknown'],
    [true, 'unknown'],
    [{ anyOf: [{ type: 'string' }, {}] }, 'unknown'],
    [{ allOf: [{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }] }, "'b'"],
    [{ not: { type: 'string' }, type: 'number' }, 'number'],
  ])('%j its type is written: %s', (schema, type) => {
    expect(emit(answering(schema)).of('types.ts')).toContain(`ApiAnswer<200, ${type}>`);
  });

  test.each([
    [false, 'allows nothing'],
    [{ enum: [{ a: 1 }] }, 'lists values'],
    [{ enum: [Infinity] }, 'lists values'],
    [{ allOf: [{ type: 'string' }, { type: 'number' }] }, 'string and number at once'],
    [{ $dynamicRef: '#x' }, 'address of its own'],
    [{ $ref: '#/components/schemas/Nothing' }, 'not in the document'],
    [{ type: 'object', properties: JSON.parse('{"__proto__":{}}') }, 'every object has'],
    [{ type: 'object', required: ['constructor'] }, 'every object has'],
  ])('%j nothing is made, and that is said', (schema, reason) => {
    expect(() => emit(answering(schema))).toThrow(reason);
  });

  test.each([
    ['a reference to itself', thing],
    ['itself or another', { anyOf: [{ type: 'string' }, thing] }],
    ['all of itself', { allOf: [thing, { type: 'object', required: ['a'] }] }],
  ])('%s nothing is made', (_name, schema) => {
    expect(() => emit(answering(thing, schemas({ Thing: schema })))).toThrow(BadInputError);
  });
});

test('what is read-only is not sent, and what is write-only not received', () => {
  const properties = { id: { readOnly: true }, secret: { writeOnly: true }, name: {} };
  const Thing = { type: 'object', properties, required: ['id', 'secret', 'name'] };
  const content = { 'application/json': { schema: thing } };
  const post = { requestBody: { required: true, content }, responses: { 200: { content } } };
  const types = emit({
    ...answering(thing, schemas({ Thing })),
    paths: { '/things': { post } },
  }).of('types.ts');
  expect(types).toContain('export type Thing = {\n  id: unknown;\n  name: unknown;\n};');
  expect(types).toContain('export type ThingSent = {\n  secret: unknown;\n  name: unknown;\n};');
});

test.each([
  [
    'a cookie that is needed',
    { in: 'cookie', name: 'a', required: true, schema: { type: 'string' } },
  ],
  [
    'a parameter of the path that it has not',
    { in: 'path', name: 'a', schema: { type: 'string' } },
  ],
  [
    'an object in the query',
    { in: 'query', name: 'a', required: true, schema: { type: 'object' } },
  ],
  [
    'a header that cannot be',
    { in: 'header', name: 'a\nb', required: true, schema: { type: 'string' } },
  ],
  ['a name that every object has', { in: 'query', name: '__proto__', required: true, schema: {} }],
])('an operation with %s is left out', (_name, parameter) => {
  const other = { '/others': { get: { responses: { 204: {} } } } };
  const document = withOperation({ parameters: [parameter] });
  const { notes, of } = emit({
    ...document,
    paths: { ...Reflect.get(document, 'paths'), ...other },
  });
  expect(notes).toEqual([expect.stringContaining('GET /things was left out')]);
  expect(of('client.ts')).toContain('getOthers(');
  expect(of('openapi.json')).not.toContain('/things');
});

test('headers that are the client’s own are nobody’s parameters', () => {
  const names = ['Authorization', 'Content-Type', 'Host', 'x-request-timeout-ms'];
  const parameters = names.map((name) => ({ in: 'header', name, required: true, schema: {} }));
  expect(emit(withOperation({ parameters })).of('types.ts')).not.toContain('headers');
});

test.each([
  ['/things/../admin'],
  ['/things/{a}/..'],
  ['/things?all=1'],
  ['/things\r\nhost: elsewhere'],
  ['//elsewhere.example/things'],
  ['things'],
])('the path %j is not that of a request', (wanted) => {
  const get = { responses: { 204: {} } };
  const document = { openapi: '3.0.0', paths: { [wanted]: { get } } };
  expect(() => emit(document)).toThrow(BadInputError);
});

test.each([
  [[], 'no object'],
  [{ swagger: '2.0' }, 'Swagger 2.0'],
  [{ openapi: '4.0.0' }, 'another version'],
  [{ openapi: 3 }, 'does not say'],
  [answering({ $ref: 'other.yaml#/A' }), 'another document, "other.yaml#/A"'],
  [answering({ $ref: 'http://169.254.169.254/x' }), 'another document'],
  [{ openapi: '3.0.0', paths: {} }, 'no operation'],
  [{ openapi: '3.0.0' }, 'no operation'],
])('%j is refused in one sentence', (document, reason) => {
  expect(() => emit(document)).toThrow(BadInputError);
  expect(() => emit(document)).toThrow(reason);
});

test('credentials that the client does not send are said', () => {
  const securitySchemes = { key: { type: 'apiKey', in: 'header', name: 'x-key' } };
  const { notes } = emit(withOperation({}, { components: { securitySchemes } }));
  expect(notes).toEqual([expect.stringContaining('no bearer token')]);
});

test('a schema that would be endless work is refused at once', () => {
  const levels = Array.from({ length: 60 }, (_, level) => {
    const next = { $ref: `#/components/schemas/L${level + 1}` };
    return [`L${level}`, { allOf: [next, { ...next }], anyOf: [next, next] }] as const;
  });
  const all = { ...Object.fromEntries(levels), L60: { type: 'string' } };
  const started = performance.now();
  expect(() => emit(answering({ $ref: '#/components/schemas/L0' }, schemas(all)))).toThrow(
    BadInputError,
  );
  expect(performance.now() - started).toBeLessThan(5000);
});

test('operations are taken by id, or by method and path, and recorded with what they need', async () => {
  const text = await fs.readFile(path.join(import.meta.dirname, 'fixtures/menagerie.yaml'), 'utf8');
  const { of, notes } = emit(parse(text), 'animals.find, GET /census');
  expect(notes).toEqual([]);
  const recorded = JSON.parse(of('openapi.json'));
  expect(Object.keys(recorded.paths)).toEqual(['/animals/{animal-id}', '/census']);
  expect(Object.keys(recorded.paths['/animals/{animal-id}'])).toEqual(['get']);
  expect(Object.keys(recorded.components.schemas).sort()).toEqual([
    'Animal',
    'Being',
    'Diet',
    'Kind',
  ]);
  expect(() => emit(parse(text), 'animals.fnd')).toThrow('no operation "animals.fnd"');
  expect(() => emit(parse(text), 'GET /loop')).toThrow('one of itself');
});

/** A text that tries to become code, or anything else. */
const text = fc.oneof(
  fc.constantFrom(
    ...[
      "';globalThis.pwned=1;'",
      ['`$', '{globalThis.pwned=1}`'].join(''),
      '*/globalThis.pwned=1/*',
      '"',
    ],
    ...[
      '\\',
      "\\'",
      '\u2028globalThis.pwned=1',
      '\nglobalThis.pwned=1\n',
      '__proto__',
      'constructor',
    ],
    ...['@ts-nocheck', 'then', 'delete', 'z', 'types', 'call', '\u202e', 'pwned', '🐈', '\ud800'],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 20 }),
);

const { schema } = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({
      type: fc.constantFrom('string', 'integer', 'boolean', 'null'),
      format: text,
      pattern: text,
    }),
    fc.record({
      enum: fc.array(
        fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
        { maxLength: 3 },
      ),
    }),
    fc.record({ $ref: text.map((name) => `#/components/schemas/${name}`) }),
    fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.integer() }),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(text, tie('schema'), { maxKeys: 4 }),
        required: fc.array(text, { maxLength: 2 }),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        description: text,
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({ anyOf: fc.array(tie('schema'), { maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie('schema'), { maxLength: 3 }), nullable: fc.boolean() }),
    fc.jsonValue(),
  ),
}));

const operation = fc.record(
  {
    operationId: text,
    summary: text,
    parameters: fc.array(
      fc.record({
        in: fc.constantFrom('query', 'header'),
        name: text,
        required: fc.boolean(),
        schema,
      }),
      { maxLength: 3 },
    ),
    requestBody: fc.record({
      required: fc.boolean(),
      content: schema.map((each) => ({ 'application/json': { schema: each } })),
    }),
    responses: schema.map((each) => ({
      200: { content: { 'application/json': { schema: each } } },
    })),
  },
  { requiredKeys: ['responses'] },
);

const hostile = fc.record({
  openapi: fc.constantFrom('3.0.1', '3.1.0'),
  servers: fc.array(fc.record({ url: text }), { maxLength: 1 }),
  paths: fc.dictionary(
    text.map((each) => `/${each}`),
    fc.record({ get: operation, post: operation }, { requiredKeys: [] }),
    { maxKeys: 4 },
  ),
  components: fc.record({ schemas: fc.dictionary(text, schema, { maxKeys: 5 }) }),
});

test('whatever a document says, it is refused clearly or the files are TypeScript without its code', {
  timeout: 300_000,
}, async () => {
  const root = await temporaryFolder();
  await layGround(root);
  const seen = { refused: 0, emitted: 0 };
  await fc.assert(
    fc.asyncProperty(hostile, async (document) => {
      try {
        const { files } = emit(document);
        seen.emitted += 1;
        for (const file of files) await check(root, seen.emitted, file);
      } catch (error) {
        expect(error).toBeInstanceOf(BadInputError);
        expect(error instanceof Error && /\p{Cc}/u.test(error.message)).toBe(false);
        seen.refused += 1;
      }
    }),
    { numRuns: 400 },
  );
  expect(seen.emitted).toBeGreaterThan(30);
  expect(seen.refused).toBeGreaterThan(30);
  const tsc = path.join(packageRoot, 'node_modules/.bin/tsc');
  const { failed, all } = await execa(tsc, ['--noEmit', '-p', root], { all: true, reject: false });
  expect(failed, all?.slice(0, 5000)).toBe(false);
});

/** Where what is emitted is type-checked: as many clients as there are, and what they import. */
async function layGround(root: string): Promise<void> {
  const clients = path.join(root, 'src/clients');
  await fs.mkdir(clients, { recursive: true });
  const templates = path.join(packageRoot, 'templates');
  for (const name of ['api-client.ts', 'request-path.ts', 'invalid-answer-error.ts'])
    await fs.cp(path.join(templates, 'add-client/src/clients', name), path.join(clients, name));
  await fs.symlink(path.join(packageRoot, 'node_modules'), path.join(root, 'node_modules'));
  await fs.writeFile(path.join(root, 'package.json'), '{ "type": "module" }');
  const config = await fs.readFile(path.join(templates, 'service/tsconfig.json.template'), 'utf8');
  await fs.writeFile(path.join(root, 'tsconfig.json'), config);
}

async function check(
  root: string,
  number: number,
  { path: file, contents }: { path: string; contents: string },
) {
  expect(file).toMatch(/^[\w./-]+$/);
  if (file.endsWith('.json')) JSON.parse(contents);
  if (!file.endsWith('.ts')) return;
  // Texts of the document are within quotes, or in comments on one line: the rest is ours.
  const code = contents
    .replace(/^ *\/\*\* [^\n]* \*\/$|^\/\/.*$/gm, '')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''");
  expect(code).not.toMatch(/globalThis\.|pwned=|[\u0080-\uffff]/);
  stripTypeScriptTypes(contents);
  const place = path.join(root, file.replaceAll('things', `things${number}`));
  await fs.mkdir(path.dirname(place), { recursive: true });
  await fs.writeFile(place, contents.replaceAll('clients/things/', `clients/things${number}/`));
}
