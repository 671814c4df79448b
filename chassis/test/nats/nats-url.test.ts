import { expect, test } from 'vitest';
import { natsConfig } from '../../src/nats/index.ts';

test.each([
  ['nats://localhost:4222', { servers: ['localhost:4222'] }],
  ['nats://me:p%40ss@a:1,nats://b', { servers: ['a:1', 'b'], user: 'me', pass: 'p@ss' }],
  ['tls://to%2Fken@a', { servers: ['a'], tls: {}, token: 'to/ken' }],
])('%s says where the servers are and how to log in', (NATS_URL, expected) => {
  expect(natsConfig.schema.parse({ NATS_URL })).toEqual(expected);
});

test.each([undefined, 'localhost:4222', 'http://a', 'nats://', 'nats://me:%zz@a'])(
  '%s is refused, with an example',
  (NATS_URL) => {
    const { error } = natsConfig.schema.safeParse({ NATS_URL });
    expect(error?.issues).toMatchObject([{ message: expect.stringContaining('nats://user:') }]);
  },
);
