import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { mergeEnvironment } from '../../src/three-way/environment.ts';
import { mergeJson } from '../../src/three-way/json.ts';
import { mergeStatements, mergeText } from '../../src/three-way/text.ts';
import { mergeYaml } from '../../src/three-way/yaml.ts';

const before = 'one\ntwo\nthree\nfour\nfive\nsix\n';
const after = 'one\ntwo\nthree\nfour\nFIVE\nsix\n';

describe('a text that two have changed', () => {
  test('takes both changes', () => {
    const present = 'one\nTWO\nthree\nfour\nfive\nsix\nseven\n';
    expect(mergeText({ before, after, present })).toBe('one\nTWO\nthree\nfour\nFIVE\nsix\nseven\n');
  });

  test('is left undecided where both changed the same line differently', () => {
    const present = before.replace('five', '5');
    expect(mergeText({ before, after, present })).toBeUndefined();
  });

  test('is taken as it is where both changed the same line alike', () => {
    expect(mergeText({ before, after, present: after })).toBe(after);
  });

  test('keeps the line ends that the person has', () => {
    const present = before.replaceAll('\n', '\r\n');
    expect(mergeText({ before, after, present })).toBe(after.replaceAll('\n', '\r\n'));
  });
});

describe('statements of which two have changed neighbours', () => {
  const before = 'a();\nb();\n';
  const after = 'a();\nadded();\nb();\n';

  test.each([
    ['a line where another comes', 'a();\nours();\nb();\n', 'a();\nadded();\nours();\nb();\n'],
    ['the line below', 'a();\nours();\n', 'a();\nadded();\nours();\n'],
    ['the line above', 'ours();\nb();\n', 'ours();\nadded();\nb();\n'],
  ])('keep both: %s', (_name, present, wanted) => {
    expect(mergeText({ before, after, present })).toBeUndefined();
    expect(mergeStatements({ before, after, present })).toBe(wanted);
  });

  test('lose a line again beside which a person has written another', () => {
    const present = 'a();\nadded();\nours();\nb();\n';
    const texts = { before: after, after: before, present };
    expect(mergeStatements(texts)).toBe('a();\nours();\nb();\n');
  });

  test('are left undecided where both changed the same one', () => {
    const texts = { before, after: 'a();\nB();\n', present: 'a();\nours();\n' };
    expect(mergeStatements(texts)).toBeUndefined();
  });
});

describe('data that two have changed', () => {
  const before = { scripts: { test: 'vitest' }, dependencies: { a: '1', c: '1' }, style: 'sync' };
  const after = {
    scripts: { test: 'vitest' },
    dependencies: { a: '1', b: '1', c: '1' },
    style: 'both',
    bus: 'kafka',
  };
  const merged = (present: object, indent: string | number = 2) =>
    mergeJson(
      {
        before: JSON.stringify(before),
        after: JSON.stringify(after),
        present: JSON.stringify(present, null, indent),
      },
      'open',
    );

  test('takes both changes, each in its place', () => {
    const present = {
      scripts: { test: 'vitest', mine: 'x' },
      dependencies: { a: '2', c: '1', z: '1' },
      style: 'sync',
      last: true,
    };
    const wanted = {
      scripts: { test: 'vitest', mine: 'x' },
      dependencies: { a: '2', b: '1', c: '1', z: '1' },
      style: 'both',
      bus: 'kafka',
      last: true,
    };
    expect(merged(present)).toEqual({ ok: true, text: JSON.stringify(wanted, null, 2) });
  });

  test('keeps the indentation', () => {
    const result = merged(before, '\t');
    expect(result.ok && result.text).toContain('\n\t\t"b": "1"');
  });

  test('leaves out what the person took out, and keeps what they have already', () => {
    const present = { dependencies: { a: '1', b: '7' }, style: 'sync' };
    const result = merged(present);
    expect(result.ok && JSON.parse(result.text)).toEqual({
      dependencies: { a: '1', b: '7' },
      style: 'both',
      bus: 'kafka',
    });
  });

  test('is left undecided where both changed the same value differently', () => {
    expect(merged({ ...before, style: 'async' })).toEqual({
      ok: false,
      reason: expect.stringContaining('style'),
    });
    expect(mergeJson({ before: '{}', after: '{"a":1}', present: '{' }, 'open').ok).toBe(false);
  });
});

test('YAML takes a change and keeps comments, quotes and layout', () => {
  const before = 'services:\n  app:\n    build: .\nvolumes:\n  data: {}\n';
  const after =
    'services:\n  app:\n    build: .\n    environment:\n      BUS: x\n  bus:\n    image: y\nvolumes:\n  data: {}\n';
  const present = [
    '# ours',
    'services:',
    '    app: # the service',
    '        build: "."   # here',
    '        ports: [ 8080,9090 ]',
    '    mine: {image: z}',
    'volumes:',
    '    data: {}',
    '',
  ].join('\n');
  const result = mergeYaml({ before, after, present });
  const text = result.ok ? result.text : '';
  for (const line of present.split('\n')) expect(text).toContain(line);
  expect(parse(text)).toEqual({
    services: {
      app: { build: '.', ports: [8080, 9090], environment: { BUS: 'x' } },
      bus: { image: 'y' },
      mine: { image: 'z' },
    },
    volumes: { data: {} },
  });
});

test("a service of a person's own that has the name of a new one stays theirs", () => {
  const before = 'services:\n  app: {}\n';
  const after = 'services:\n  app: {}\n  bus:\n    image: y\n    environment:\n      A: b\n';
  const present = 'services:\n  app: {}\n  bus:\n    image: mine\n';
  expect(mergeYaml({ before, after, present })).toEqual({ ok: true, text: present });
});

test('variables that are new are listed after those that are there, each once', () => {
  const before = '# port\n# PORT=3000\n';
  const after = '# port\n# PORT=3000\n\n# brokers\nBROKERS=x\n\n# topics\n# TOPICS=y\n';
  const present = '# mine\nMINE=1\nTOPICS=z\n';
  expect(mergeEnvironment({ before, after, present })).toBe(
    '# mine\nMINE=1\nTOPICS=z\n\n# brokers\nBROKERS=x\n',
  );
});
