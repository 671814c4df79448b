import { expect, test } from 'vitest';
import { parseRules, RulesError } from '../../src/strangler/rules.ts';

const routes = ['/api/orders'];
const parse = (rule: unknown) => parseRules(JSON.stringify({ '/api/orders': rule }), routes);

test('a rule needs a percentage, and no more', () => {
  expect(parse({ percentage: 12.5 }).get('/api/orders')).toEqual({
    percentage: 12.5,
    exceptions: [],
    caller: {},
    fallback: true,
  });
});

test('rules of routes that are not strangled here are no fault: they may be so elsewhere', () => {
  const text = JSON.stringify({ '/api/orders': { percentage: 1 }, '/api/gone': { percentage: 2 } });
  expect([...parseRules(text, routes).keys()]).toEqual(['/api/orders', '/api/gone']);
});

test('a strangled route without a rule is one: it would go back to the old side unnoticed', () => {
  expect(() => parseRules('{"/api/order":{"percentage":50}}', routes)).toThrow(
    '/api/orders is missing',
  );
});

test.each<[unknown, string]>([
  [{}, 'percentage'],
  [{ percentage: 101 }, 'percentage'],
  [{ percentage: -1 }, 'percentage'],
  [{ percentage: '50' }, 'percentage'],
  [{ percentage: null }, 'percentage'],
  [{ percentage: 1, percent: 2 }, 'percent'],
  [{ percentage: 1, fallback: 'no' }, 'fallback'],
  [{ percentage: 1, caller: { header: 'X-User' } }, 'lower case'],
  [{ percentage: 1, caller: { header: 'x\r\ny' } }, 'header'],
  [{ percentage: 1, caller: { cookie: 'a;b' } }, 'cookie'],
  [{ percentage: 1, shadow: {} }, 'shadow → percentage'],
  [{ percentage: 1, shadow: { percentage: 1, ignore: ['updatedAt'] } }, 'begin with "/"'],
  [{ percentage: 1, exceptions: [{ side: 'new', when: {} }] }, 'must name'],
  [{ percentage: 1, exceptions: [{ side: 'left', when: { path: '/api/orders' } }] }, 'side'],
  [{ percentage: 1, exceptions: [{ side: 'old', when: { path: '/api/order' } }] }, 'not below'],
  [{ percentage: 1, exceptions: Array(101).fill({}) }, 'exceptions'],
  [null, '/api/orders'],
  [[], '/api/orders'],
])('%j is refused, and the fault is named', (rule, fault) => {
  expect(() => parse(rule)).toThrow(fault);
  expect(() => parse(rule)).toThrow(RulesError);
});

test.each([
  '',
  '{',
  'null',
  '[]',
  '1',
  '"x"',
  '{"api":{"percentage":1}}',
  '{"/api/orders":{"percentage":NaN}}',
  '{"/api/orders":{"percentage":1e999}}',
  '{"__proto__":{"percentage":1}}',
  '{"/api/orders":{"percentage":1,"__proto__":{"fallback":false}}}',
  '['.repeat(100_000),
])('a file that is no rules is refused: %.60s', (text) => {
  expect(() => parseRules(text, routes)).toThrow(RulesError);
});

test('what a fault says is one line that a person can read, however much is wrong', () => {
  const keys = Array.from({ length: 1000 }, (_, index) => [`/${'x'.repeat(400)}${index}`, 1]);
  const text = JSON.stringify(Object.fromEntries(keys));
  const fault = (() => {
    try {
      return String(parseRules(text, routes));
    } catch (error) {
      return String(error);
    }
  })();
  expect(fault).toContain('and 995 more');
  expect(fault.length).toBeLessThan(1000);
  expect(fault).not.toContain('\n');
});
