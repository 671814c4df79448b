import { expect, test } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { startIssuer } from '../support/issuer.ts';
import { startUpstream } from '../support/upstream.ts';

const shop = 'https://shop.example';
const ask = {
  method: 'OPTIONS',
  headers: {
    origin: shop,
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'authorization,content-type',
  },
};

test('pages of another origin may read nothing unless that is configured', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end();
  });
  const { url } = await startGateway(upstream.url);
  const preflight = await fetch(`${url}/api/things`, ask);
  const read = await fetch(`${url}/api/things`, { headers: { origin: shop } });
  for (const { headers } of [preflight, read])
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test('pages of a configured origin may, and of no other, also where a token is needed', async () => {
  const { environment } = await startIssuer();
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { vary: 'Accept' }).end();
  });
  const { url } = await startGateway(upstream.url, {
    isPublic: false,
    environment: { ...environment, CORS_ORIGINS: `${shop}, https://other.example` },
  });
  const preflight = await fetch(`${url}/api/things`, ask);
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(shop);
  expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  const refused = await fetch(`${url}/api/things`, { headers: { origin: shop } });
  expect(refused.status).toBe(401);
  expect(refused.headers.get('access-control-allow-origin')).toBe(shop);
  for (const origin of ['https://evil.example', 'https://shop.example.evil.example', 'null']) {
    const { headers } = await fetch(`${url}/api/things`, {
      ...ask,
      headers: { ...ask.headers, origin },
    });
    expect(headers.get('access-control-allow-origin'), origin).toBeNull();
  }
  expect(upstream.seen).toEqual([]);
});

test('what an answer varies by is said of the upstream and of the gateway', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { vary: 'Accept' }).end();
  });
  const { url } = await startGateway(upstream.url, { environment: { CORS_ORIGINS: shop } });
  const { headers } = await fetch(`${url}/api/things`, { headers: { origin: shop } });
  expect(headers.get('vary')).toBe('Origin, Accept');
});
