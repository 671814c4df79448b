import { expect, test } from 'vitest';
import { clientConfigSchema } from '../src/clients/client-config.ts';
import { defaultPolicyOptions } from '../src/resilience/policy-options.ts';

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
