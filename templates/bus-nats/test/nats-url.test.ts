import { expect, test } from 'vitest';
import config from '../src/events/bus/config.ts';

test.each([
  ['nats://localhost:4222', { servers: ['localhost:4222'] }],
  ['nats://me:p%40ss@a:1,nats://b', { servers: ['a:1', 'b'], user: 'me', pass: 'p@ss' }],
  ['tls://to%2Fken@a', { servers: ['a'], tls: {}, token: 'to/ken' }],
])('%s says where the servers are and how to log in', (NATS_URL, expected) => {
  expect(config.schema.parse({ NATS_URL })).toEqual(expected);
});

test.each([undefined, 'localhost:4222', 'http://a', 'nats://', 'nats://me:%zz@a'])(
  '%s is refused, with an example',
  (NATS_URL) => {
    const { error } = config.schema.safeParse({ NATS_URL });
    expect(error?.issues).toMatchObject([{ message: expect.stringContaining('nats://user:') }]);
  },
);
