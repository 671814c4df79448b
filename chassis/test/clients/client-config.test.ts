import { expect, test } from 'vitest';
import { clientConfigSchema } from '../../src/clients/index.ts';
import { defaultPolicyOptions } from '../../src/resilience/index.ts';

test('reads where an upstream is and how it is called, with the defaults of the policy', () => {
  const config = clientConfigSchema('ORDERS').parse({
    ORDERS_URL: 'http://orders:3000/',
    ORDERS_TOKEN: 'secret',
    ORDERS_ATTEMPTS: '2',
    OTHERS_ATTEMPTS: '7',
  });
  expect(config).toEqual({
    origin: 'http://orders:3000',
    token: 'secret',
    policy: { ...defaultPolicyOptions, attempts: 2 },
  });
});

test('a token may end with the line break of its file, and a URL with its host', () => {
  const given = { ORDERS_URL: 'https://orders', ORDERS_TOKEN: 'secret\n' };
  expect(clientConfigSchema('ORDERS').parse(given)).toMatchObject({
    origin: 'https://orders',
    token: 'secret',
  });
  for (const part of ['/v1', '/?key=1', '/#part'])
    expect(
      clientConfigSchema('ORDERS').safeParse({ ORDERS_URL: `http://orders${part}` }),
    ).toMatchObject({
      success: false,
      error: { issues: [{ path: ['ORDERS_URL'] }] },
    });
  const named = { ORDERS_URL: 'http://secret@orders' };
  expect(clientConfigSchema('ORDERS').safeParse(named).error?.message).not.toContain('secret');
});

test('limits that contradict each other are refused, naming both', () => {
  const { error } = clientConfigSchema('ORDERS').safeParse({
    ORDERS_URL: 'http://orders',
    ORDERS_TOTAL_TIMEOUT_MS: '1000',
    ORDERS_BACKOFF_CAP_MS: '500',
  });
  expect(error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
    ['ORDERS_ATTEMPT_TIMEOUT_MS', 'must not be more than ORDERS_TOTAL_TIMEOUT_MS (1000)'],
    ['ORDERS_BACKOFF_BASE_MS', 'must not be more than ORDERS_BACKOFF_CAP_MS (500)'],
  ]);
});

test('names each variable that is wrong, and repeats no value', () => {
  const wrong = { ORDERS_URL: 'secret', ORDERS_ATTEMPTS: '0', ORDERS_QUEUE: 'secret' };
  const { error } = clientConfigSchema('ORDERS').safeParse(wrong);
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([
    'ORDERS_URL',
    'ORDERS_ATTEMPTS',
    'ORDERS_QUEUE',
  ]);
  expect(error?.message).not.toContain('secret');
});

test('there may be no place to wait', () => {
  const given = { ORDERS_URL: 'http://orders', ORDERS_QUEUE: '0' };
  expect(clientConfigSchema('ORDERS').parse(given).policy.waiting).toBe(0);
});
