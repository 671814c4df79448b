import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { callerCookie, callerOf, cookieOf } from '../../src/strangler/caller.ts';

const configured = { header: 'x-user', cookie: 'session' };
const uuid = '3f0b1c9e-0000-4000-8000-00000000abcd';
const own = `${callerCookie}=${uuid}`;

function keyOf(headers: IncomingHttpHeaders): string {
  return callerOf({ headers, ip: '192.0.2.1' }, configured).key;
}

function tokenOf(claims: unknown): string {
  return `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
}

test('a caller is known by its token, else header, else cookie, else address', () => {
  const all = {
    authorization: tokenOf({ sub: 'ann' }),
    'x-user': 'bob',
    cookie: `session=s; ${own}`,
  };
  expect(keyOf(all)).toBe('subject:ann');
  expect(keyOf({ ...all, authorization: 'Basic eA==' })).toBe('header:bob');
  expect(keyOf({ cookie: all.cookie })).toBe('cookie:s');
  expect(keyOf({ cookie: own })).toBe(`own:${uuid}`);
  expect(keyOf({})).toBe('address:192.0.2.1');
});

test('of IPv6 the network is the address, as a device changes the rest', () => {
  const at = (ip: string) => callerOf({ headers: {}, ip }, {}).key;
  expect(at('2001:db8::1')).toBe(at('2001:db8::ffff:2'));
  expect(at('2001:db8:0:1::1')).not.toBe(at('2001:db8::1'));
});

test('a browser that nothing is known of is given a cookie, by which it is known from then on', () => {
  for (const headers of [{ 'sec-fetch-mode': 'cors' }, { accept: 'text/html,*/*;q=0.8' }]) {
    const { key, newCookie } = callerOf({ headers, ip: '192.0.2.1' }, {});
    expect(key).toBe(`own:${newCookie}`);
    const again = { ...headers, cookie: `${callerCookie}=${newCookie}` };
    expect(callerOf({ headers: again, ip: '198.51.100.7' }, {})).toEqual({ key });
  }
});

test.each([
  'Bearer',
  'Bearer x',
  'Bearer a.b',
  'Bearer a.!!!.c',
  'Bearer a..c',
  `Bearer a.${Buffer.from('{').toString('base64url')}.c`,
  tokenOf(null),
  tokenOf([]),
  tokenOf({}),
  tokenOf({ sub: '' }),
  tokenOf({ sub: 1 }),
  tokenOf({ sub: { length: 1 } }),
  `Bearer ${'a'.repeat(20_000)}`,
  `Bearer ${'a.'.repeat(5000)}`,
])('a token without a subject is passed over: %.40s', (authorization) => {
  expect(keyOf({ authorization })).toBe('address:192.0.2.1');
});

test.each(['x', `${uuid}x`, uuid.toUpperCase(), '', 'a'.repeat(8000)])(
  'a cookie of ours that we did not make is passed over: %.40s',
  (value) => {
    expect(keyOf({ cookie: `${callerCookie}=${value}` })).toBe('address:192.0.2.1');
  },
);

test('cookies are read as browsers send them, and others do no harm', () => {
  const cookie = 'a=1;b = 2 ; =3; c; d==4; __proto__=5; a=6;;';
  const read = (name: string) => cookieOf({ cookie }, name);
  expect(['a', 'b', 'c', 'd', '__proto__', 'constructor'].map(read)).toEqual([
    ...['1', '2', undefined, '=4', '5', undefined],
  ]);
});
