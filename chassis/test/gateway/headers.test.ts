import { expect, test } from 'vitest';
import { startCollector } from '../../src/testing/index.ts';
import { startGateway } from '../support/gateway.ts';
import { head, sendRaw, statusOf } from '../support/raw.ts';
import { startUpstream } from '../support/upstream.ts';

/** What the upstream sees of a request with these lines in its head. */
async function seenOf(lines: readonly string[], environment: Record<string, string> = {}) {
  const upstream = await startUpstream();
  const { url } = await startGateway(upstream.url, { environment });
  const answer = await sendRaw(url, head('GET /api/things/1 HTTP/1.1', ...lines));
  expect(statusOf(answer), answer).toBe(200);
  return { headers: upstream.seen[0]?.headers ?? {}, origin: upstream.url, answer };
}

test('header fields of one connection end here, as do those that Connection names', async () => {
  const { headers } = await seenOf([
    'Connection: X-Secret-Hop, X-Other',
    'X-Secret-Hop: 1',
    'X-Other: 2',
    'Keep-Alive: timeout=500',
    'TE: trailers',
    'Trailer: Expires',
    'Upgrade: h2c, websocket',
    'HTTP2-Settings: AAMAAABkAAQAAP__',
    'Proxy-Authorization: Basic c2VjcmV0',
    'Proxy-Connection: keep-alive',
    'X-Stays: yes',
  ]);
  for (const name of [
    ...['x-secret-hop', 'x-other', 'te', 'trailer', 'upgrade', 'http2-settings'],
    ...['proxy-authorization', 'proxy-connection', 'transfer-encoding'],
  ])
    expect(headers, name).not.toHaveProperty(name);
  expect(headers['keep-alive']).toBeUndefined();
  expect(headers['x-stays']).toBe('yes');
});

test('a Connection that names what is for the upstream is refused, so that nothing is taken out that was checked', async () => {
  const upstream = await startUpstream();
  const { url } = await startGateway(upstream.url);
  const names = ['Authorization', 'close, authorization', 'cookie', 'X-Forwarded-For', 'If-Match'];
  for (const name of [...names, 'x-request-timeout-ms', 'Content-Length', 'host']) {
    const fields = ['Authorization: Bearer a', `Connection: ${name}`];
    const answer = await sendRaw(url, head('GET /api/things HTTP/1.1', ...fields));
    expect(statusOf(answer), name).toBe(400);
  }
  expect(upstream.seen).toEqual([]);
});

test('header fields of an answer that are for one connection end here', async () => {
  const upstream = await startUpstream((_incoming, response) => {
    response.writeHead(200, {
      connection: 'x-upstream-hop, keep-alive',
      'x-upstream-hop': '1',
      'proxy-authenticate': 'Basic',
      'access-control-allow-origin': '*',
      'x-stays': 'yes',
    });
    response.end();
  });
  const { url } = await startGateway(upstream.url);
  const { headers } = await fetch(`${url}/api/things`);
  for (const name of ['x-upstream-hop', 'proxy-authenticate', 'access-control-allow-origin'])
    expect(headers.get(name), name).toBeNull();
  expect(headers.get('x-stays')).toBe('yes');
});

/** What the usual proxies say of callers, and no caller of itself. */
const claims = [
  ...['X-Goog-Authenticated-User-Email', 'X-Goog-IAP-JWT-Assertion', 'X-MS-CLIENT-PRINCIPAL'],
  ...[
    'X-MS-CLIENT-PRINCIPAL-ID',
    'X-MS-TOKEN-AAD-ID-TOKEN',
    'X-Consumer-Username',
    'X-Consumer-Groups',
  ],
  ...[
    'X-Credential-Identifier',
    'X-Anonymous-Consumer',
    'X-Userinfo',
    'X-Amzn-Oidc-Data',
    'X-Remote-User',
  ],
  ...[
    'X-Remote-Group',
    'Remote-Groups',
    'X-Auth-Request-User',
    'X-Authenticated-Scope',
    'X-WEBAUTH-USER',
  ],
  ...['Cf-Access-Jwt-Assertion', 'Impersonate-User', 'X-Envoy-Internal', 'X-Pomerium-Claim-Email'],
  ...[
    'Ssl-Client-Verify',
    'Ssl-Client-Subject-Dn',
    'X-SSL-Client-S-Dn',
    'X-Client-Cert',
    'Client-Cert',
  ],
  ...[
    'X-Client-Verify',
    'X-ARR-ClientCert',
    'X-Forwarded-Client-Cert',
    'X-Amzn-Mtls-Clientcert-Subject',
  ],
  ...['Client-IP', 'CF-Connecting-IP', 'CF-Connecting-IPv6', 'Fastly-Client-IP', 'Fly-Client-IP'],
  ...['X-Azure-ClientIP', 'WL-Proxy-Client-IP', 'X-Appengine-User-IP', 'X-Cluster-Client-IP'],
  ...['X-Host', 'X-Original-Host', 'X-Original-URI', 'X-HTTP-Host-Override', 'X-Script-Name'],
  ...['X-HTTP-Method', 'X-Method-Override', 'Front-End-Https', 'X-Url-Scheme'],
];

test('who calls is what the gateway sees, not what the caller says', async () => {
  const { headers, origin } = await seenOf([
    'X-Forwarded-For: 6.6.6.6, 7.7.7.7',
    'X-Forwarded-Host: evil.example',
    'X-Forwarded-Proto: https',
    'X-Forwarded-Port: 1',
    'X-Forwarded-Prefix: /evil',
    'X_Forwarded_For: 6.6.6.6',
    'Forwarded: for=6.6.6.6',
    'X-Real-IP: 6.6.6.6',
    'X-Client-IP: 6.6.6.6',
    'True-Client-IP: 6.6.6.6',
    'X-Original-URL: /admin',
    'X-Rewrite-URL: /admin',
    'X-HTTP-Method-Override: DELETE',
    'X-Authenticated-User: admin',
    'X-Auth-Request-Email: admin@evil.example',
    'X-User-Id: 1',
    'Remote-User: admin',
    ...claims.map((name) => `${name}: admin`),
    'Proxy: http://evil.example',
  ]);
  expect(headers).toMatchObject({
    host: new URL(origin).host,
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'gateway',
    'x-forwarded-proto': 'http',
    forwarded: 'for=127.0.0.1;host="gateway";proto=http',
    via: '1.1 gateway',
  });
  expect(JSON.stringify(headers)).not.toMatch(/6\.6\.6\.6|evil|admin|x-user-id/i);
  expect(headers).not.toHaveProperty('x_forwarded_for');
});

test('a trusted proxy is believed as far as it has seen it itself', async () => {
  const { headers } = await seenOf(
    [
      'X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.0.0.2',
      'X-Forwarded-Host: shop.example',
      'X-Forwarded-Proto: https',
    ],
    { TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' },
  );
  expect(headers).toMatchObject({
    'x-forwarded-for': '203.0.113.9, 10.0.0.2, 127.0.0.1',
    'x-forwarded-host': 'shop.example',
    'x-forwarded-proto': 'https',
    forwarded: 'for=203.0.113.9;host="shop.example";proto=https, for=10.0.0.2, for=127.0.0.1',
  });
});

test('the id of a request is handed on and back, and is a new one when it could do harm', async () => {
  const known = await seenOf(['X-Request-Id: abc-1']);
  expect(known.headers['x-request-id']).toBe('abc-1');
  expect(known.answer).toMatch(/x-request-id: abc-1/i);
  const { headers } = await seenOf([`X-Request-Id: ${'x'.repeat(200)}`]);
  expect(headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
});

test('the trace of a caller is handed on as it is where the gateway makes no spans', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const { headers } = await seenOf([`traceparent: ${traceparent}`, 'tracestate: a=b']);
  expect(headers).toMatchObject({ traceparent, tracestate: 'a=b' });
});

test('where it does, the upstream is below the gateway in the trace of the caller', async () => {
  const collector = await startCollector();
  const upstream = await startUpstream();
  const { url, app } = await startGateway(upstream.url, {
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
  });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
  await (await fetch(`${url}/api/things`, { headers })).text();
  await app.close();
  const span = collector.spans.find(({ name }) => name === 'GET things');
  expect(span).toMatchObject({ traceId });
  expect(upstream.seen[0]?.headers.traceparent).toBe(`00-${traceId}-${span?.spanId}-01`);
});

test("the caller's own token is handed on, unless the gateway has one of its own", async () => {
  const upstream = await startUpstream();
  const headers = { authorization: 'Bearer callers' };
  const plain = await startGateway(upstream.url);
  await fetch(`${plain.url}/api/things`, { headers });
  const own = await startGateway(upstream.url, { token: 'gateways' });
  await fetch(`${own.url}/api/things`, { headers });
  expect(upstream.seen.map((request) => request.headers.authorization)).toEqual([
    'Bearer callers',
    'Bearer gateways',
  ]);
});
