import { expect, test } from 'vitest';
import { differencesBetween } from '../../src/strangler/compare.ts';

function json(value: unknown, status = 200) {
  const body = Buffer.from(JSON.stringify(value));
  return { status, contentType: 'application/json; charset=utf-8', body };
}

function between(old: unknown, fresh: unknown, ignore: readonly string[] = []) {
  return differencesBetween(json(old), json(fresh), ignore);
}

test('the order of keys and white space are no differences', () => {
  const old = { ...json({}), body: Buffer.from('{ "a": 1,\n"b": [1, {"c": null}] }') };
  const fresh = { ...json({}), body: Buffer.from('{"b":[1.0,{"c":null}],"a":1}') };
  expect(differencesBetween(old, fresh, [])).toEqual([]);
});

test('each place that differs is named once, without what stands there', () => {
  const old = { id: 'ann@example.com', gone: 1, items: [{ total: 1 }, { total: 2 }], kind: {} };
  const fresh = { id: 'bob@example.com', come: 1, items: [{ total: 3 }, { total: 4 }], kind: [] };
  expect(between(old, fresh)).toEqual([
    '/id changed',
    '/gone missing',
    '/items/*/total changed',
    '/kind changed',
    '/come added',
  ]);
});

test('a key that is data is not named either', () => {
  const differences = between({ 'ann@example.com': 1, '4711': 2, '3f0b1c9e-0000': 3 }, {});
  expect(differences).toEqual(['/* missing']);
});

test('lists are compared in their order', () => {
  expect(between([1, 2], [2, 1])).toEqual(['/* changed']);
  expect(between([1], [1, 2])).toEqual(['/* added']);
});

test('what the rule ignores may differ, be missing or be added', () => {
  const old = { at: 1, items: [{ etag: 1, total: 1 }], 'a/b': 1 };
  const fresh = { items: [{ total: 1 }], 'a/b': 2, seen: { by: 1 } };
  expect(between(old, fresh, ['/at', '/items/*/etag', '/a~1b', '/seen'])).toEqual([]);
  expect(between(old, fresh, ['/at', '/items/*/etag', '/a~1b'])).toEqual(['/seen added']);
});

test('a status that differs is all that is said', () => {
  const differences = differencesBetween(json({ a: 1 }), json({ a: 2 }, 404), []);
  expect(differences).toEqual(['status 200 became 404']);
});

test('a body that is no JSON is compared by its bytes', () => {
  const text = (body: string, contentType: string | undefined = 'text/plain') => ({
    ...{ status: 200, contentType, body: Buffer.from(body) },
  });
  expect(differencesBetween(text('a'), text('a'), [])).toEqual([]);
  expect(differencesBetween(text('a'), text('b'), [])).toEqual(['body']);
  expect(differencesBetween(text('{"a":1}'), json({ a: 1 }), [])).toEqual([]);
  expect(differencesBetween(text('{', 'application/json'), json({ a: 1 }), [])).toEqual(['body']);
});

test('a body as deep as it is hostile is compared without harm', () => {
  const deep = (leaf: string) => ({
    ...json(0),
    body: Buffer.from(`${'['.repeat(50_000)}${leaf}${']'.repeat(50_000)}`),
  });
  expect(differencesBetween(deep('1'), deep('2'), [])).toEqual(['too deep to be compared']);
});

test('keys that are known to JavaScript are keys like others', () => {
  const old = { ...json(0), body: Buffer.from('{"__proto__":{"a":1},"constructor":1}') };
  const fresh = { ...json(0), body: Buffer.from('{"__proto__":{"a":2}}') };
  expect(differencesBetween(old, fresh, [])).toEqual([
    '/__proto__/a changed',
    '/constructor missing',
  ]);
});
