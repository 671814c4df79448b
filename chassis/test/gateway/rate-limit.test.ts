import { expect, test } from 'vitest';
import { networkOf } from '../../src/gateway/index.ts';
import { startGateway } from '../support/gateway.ts';
import { startIssuer } from '../support/issuer.ts';
import { head, sendRaw, statusOf } from '../support/raw.ts';
import { startUpstream } from '../support/upstream.ts';

const limit = { RATE_LIMIT_PER_MINUTE: '3' };

async function statusesOf(url: string, headers: Record<string, string> = {}, times = 4) {
  const statuses: number[] = [];
  for (let count = 0; count < times; count += 1)
    statuses.push((await fetch(`${url}/api/things`, { headers })).status);
  return statuses;
}

test('a caller who asks too often is answered with 429, and told when to ask again', async () => {
  const upstream = await startUpstream();
  const { url } = await startGateway(upstream.url, { environment: limit });
  expect(await statusesOf(url)).toEqual([200, 200, 200, 429]);
  const answer = await fetch(`${url}/api/things`);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(upstream.seen).toHaveLength(3);
  for (const path of ['/health/live', '/health/ready'])
    expect((await fetch(url + path)).status).toBe(200);
});

test('all paths of a caller are counted together', async () => {
  const upstream = await startUpstream();
  const { url } = await startGateway(upstream.url, { environment: limit });
  const statuses: number[] = [];
  for (const path of ['', '/1', '/2', '/3', ''])
    statuses.push((await fetch(`${url}/api/things${path}`)).status);
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
});

test.each(['GET /api/things/% HTTP/1.1', 'GET /api/things/../x HTTP/1.1'])(
  'what is refused, such as %s, is counted too',
  async (line) => {
    const upstream = await startUpstream();
    const { url } = await startGateway(upstream.url, { environment: limit });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1)
      statuses.push(statusOf(await sendRaw(url, head(line))));
    expect(statuses).toEqual([400, 400, 400, 429]);
    expect(await statusesOf(url, {}, 1)).toEqual([429]);
    expect(upstream.seen).toEqual([]);
  },
);

test('callers behind a trusted proxy are told apart, and who only says so is not', async () => {
  const upstream = await startUpstream();
  const saying = (address: string) => ({ 'x-forwarded-for': address });
  const open = await startGateway(upstream.url, { environment: limit });
  await statusesOf(open.url, saying('203.0.113.1'), 3);
  expect(await statusesOf(open.url, saying('203.0.113.2'), 1)).toEqual([429]);
  const behind = await startGateway(upstream.url, {
    environment: { ...limit, TRUSTED_PROXIES: '127.0.0.1' },
  });
  expect(await statusesOf(behind.url, saying('203.0.113.1'))).toEqual([200, 200, 200, 429]);
  expect(await statusesOf(behind.url, saying('203.0.113.2'), 1)).toEqual([200]);
  expect(await statusesOf(behind.url, saying('2001:db8::1'), 3)).toEqual([200, 200, 200]);
  expect(await statusesOf(behind.url, saying('2001:db8::2'), 1)).toEqual([429]);
});

test('who has a token is counted by its subject, and guesses by their address', async () => {
  const issuer = await startIssuer();
  const upstream = await startUpstream();
  const environment = { ...issuer.environment, ...limit };
  const { url } = await startGateway(upstream.url, { environment, isPublic: false });
  const withToken = async (sub: string) => ({
    authorization: `Bearer ${await issuer.token({ sub })}`,
  });
  expect(await statusesOf(url, { authorization: 'Bearer a.b.c' })).toEqual([401, 401, 401, 429]);
  expect(await statusesOf(url, await withToken('ann'))).toEqual([200, 200, 200, 429]);
  expect(await statusesOf(url, await withToken('bob'), 1)).toEqual([200]);
});

test('an IPv6 caller is its /64 network, an IPv4 one its address', () => {
  expect(networkOf('203.0.113.1')).toBe('203.0.113.1');
  expect(networkOf('::ffff:203.0.113.1')).toBe('203.0.113.1');
  for (const address of ['2001:db8:0:1::1', '2001:0DB8::1:2:3:4:5', '2001:db8:0:1:2:3:4:5'])
    expect(networkOf(address), address).toBe('2001:db8:0:1::/64');
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
});
