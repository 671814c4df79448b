import { expect, test } from 'vitest';
import { parseRules, type RouteRule } from '../../src/strangler/rules.ts';
import { type Asked, placeOf, sideOf } from '../../src/strangler/side.ts';

const callers = Array.from({ length: 10_000 }, (_, index) => `subject:caller-${index}`);

function ruleOf(rule: object): RouteRule {
  const found = parseRules(JSON.stringify({ '/api/orders': rule }), []).get('/api/orders');
  if (found === undefined) throw new Error('no rule');
  return found;
}

function asked({ path = '/api/orders/1', ...given }: Partial<Asked> = {}): Asked {
  return {
    path,
    header: () => undefined,
    cookie: () => undefined,
    caller: 'subject:ann',
    ...given,
  };
}

function moved(percentage: number, route = '/api/orders'): Set<string> {
  const rule = ruleOf({ percentage });
  return new Set(callers.filter((caller) => sideOf(route, rule, asked({ caller })) === 'new'));
}

test.each([0, 1, 5, 25, 50, 75, 99, 100])('%d %% of callers go to the new side', (percentage) => {
  const share = (moved(percentage).size / callers.length) * 100;
  expect(Math.abs(share - percentage)).toBeLessThan(2);
  if (percentage === 0 || percentage === 100) expect(share).toBe(percentage);
});

test('a fraction of a percent counts', () => {
  const { size } = moved(0.5);
  expect(size).toBeGreaterThan(20);
  expect(size).toBeLessThan(80);
});

test('a percentage that is raised moves callers to the new side, and none back', () => {
  let before = new Set<string>();
  for (const percentage of [0, 1, 5, 25, 50, 75, 100]) {
    const now = moved(percentage);
    expect([...before].filter((caller) => !now.has(caller))).toEqual([]);
    before = now;
  }
});

test('each route has its own first callers', () => {
  const here = moved(10);
  const both = [...moved(10, '/api/payments')].filter((caller) => here.has(caller));
  expect(both.length).toBeLessThan(200);
});

test('a place is from 0 up to but not including 100, and stays', () => {
  const places = callers.map((caller) => placeOf(caller, '/api/orders'));
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...places)).toBeLessThan(100);
  expect(callers.map((caller) => placeOf(caller, '/api/orders'))).toEqual(places);
});

const everyone = { percentage: 0 };

test.each([
  ['/api/orders/reports', 'new'],
  ['/api/orders/reports/2026', 'new'],
  ['/api/orders/%72eports', 'new'],
  ['/api/orders/reports-old', 'old'],
  ['/api/orders/1', 'old'],
  ['/api/orders/%', 'old'],
])('an exception by path: %s goes to the %s side', (path, side) => {
  const exceptions = [{ side: 'new', when: { path: '/api/orders/reports' } }];
  expect(sideOf('/api/orders', ruleOf({ ...everyone, exceptions }), asked({ path }))).toBe(side);
});

test('an exception by header or cookie needs its value, and all that an exception names must hold', () => {
  const when = { headers: { 'x-preview': 'yes' }, cookies: { beta: '1' } };
  const rule = ruleOf({ ...everyone, exceptions: [{ side: 'new', when }] });
  const header = (value: string) => (name: string) => (name === 'x-preview' ? value : undefined);
  const cookie = (name: string) => (name === 'beta' ? '1' : undefined);
  const side = (given: Partial<Asked>) => sideOf('/api/orders', rule, asked(given));
  expect(side({ header: header('yes'), cookie })).toBe('new');
  expect(side({ header: header('no'), cookie })).toBe('old');
  expect(side({ header: header('yes') })).toBe('old');
  expect(side({ cookie })).toBe('old');
});

test('the first exception that holds decides, also against the percentage', () => {
  const exceptions = [
    { side: 'old', when: { path: '/api/orders/reports' } },
    { side: 'new', when: { path: '/api/orders/reports/2026' } },
  ];
  const rule = ruleOf({ percentage: 100, exceptions });
  expect(sideOf('/api/orders', rule, asked({ path: '/api/orders/reports/2026' }))).toBe('old');
  expect(sideOf('/api/orders', rule, asked())).toBe('new');
});
