import { createHmac } from 'node:crypto';
import { generateKeyPair } from 'jose';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import { gatewayConfig } from '../../src/gateway/index.ts';
import { startGateway } from '../support/gateway.ts';
import { startIssuer } from '../support/issuer.ts';
import { head, sendRaw, statusOf } from '../support/raw.ts';
import { startUpstream } from '../support/upstream.ts';

/** A private gateway, and what a request with a token is answered with. */
async function privateGateway() {
  const issuer = await startIssuer();
  const upstream = await startUpstream();
  const { environment } = issuer;
  const { url } = await startGateway(upstream.url, { environment, isPublic: false });
  const ask = async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    return fetch(`${url}/api/things`, { headers });
  };
  return { issuer, upstream, url, ask };
}

test('a valid token is let through, and reaches the upstream as it came', async () => {
  const { issuer, upstream, ask } = await privateGateway();
  const authorization = `Bearer ${await issuer.token()}`;
  expect((await ask(authorization)).status).toBe(200);
  expect((await ask(authorization)).status).toBe(200);
  expect(upstream.seen[0]?.headers.authorization).toBe(authorization);
  expect(issuer.seen).toHaveLength(1);
});

test('without a token the answer is 401, and says what is wanted', async () => {
  const { upstream, ask } = await privateGateway();
  for (const authorization of [undefined, 'Basic YTpi', 'Bearer', 'Bearer a b', '']) {
    const answer = await ask(authorization);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  }
  expect(upstream.seen).toEqual([]);
});

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
type Issuer = Awaited<ReturnType<typeof startIssuer>>;

const bad: [string, (issuer: Issuer) => Promise<string>][] = [
  ['that has expired', (issuer) => issuer.token({ lifetime: -60 })],
  ['that never expires', (issuer) => issuer.token({ lifetime: Number.POSITIVE_INFINITY })],
  ['that is not valid yet', (issuer) => issuer.token({ nbf: Date.now() / 1000 + 600 })],
  ['of another issuer', (issuer) => issuer.token({ iss: 'https://evil.example/' })],
  ['for another audience', (issuer) => issuer.token({ aud: 'https://other.example' })],
  [
    'signed by another key',
    async (issuer) => issuer.token({ key: (await generateKeyPair('ES256')).privateKey }),
  ],
  [
    'without a signature (alg none)',
    async (issuer) => {
      const [, payload] = (await issuer.token()).split('.');
      return `${encoded({ alg: 'none' })}.${payload}.`;
    },
  ],
  [
    'signed with the public key as a shared secret',
    async (issuer) => {
      const [, payload] = (await issuer.token()).split('.');
      const [key] = issuer.publicKeys();
      const signed = `${encoded({ alg: 'HS256', kid: key?.kid })}.${payload}`;
      const secret = JSON.stringify(key);
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
    },
  ],
  [
    'whose claims were changed',
    async (issuer) => {
      const [protectedHeader, , signature] = (await issuer.token()).split('.');
      const [, payload] = (await issuer.token({ sub: 'root' })).split('.');
      return `${protectedHeader}.${payload}.${signature}`;
    },
  ],
  [
    'that brings its own key',
    async (issuer) => {
      const [, payload, signature] = (await issuer.token()).split('.');
      const jku = 'https://evil.example/keys';
      return `${encoded({ alg: 'ES256', kid: 'mine', jku })}.${payload}.${signature}`;
    },
  ],
  ['that is none', async () => 'a.b.c'],
];

test.each(bad)('a token %s is refused with 401', async (_name, make) => {
  const { issuer, upstream, ask } = await privateGateway();
  const answer = await ask(`Bearer ${await make(issuer)}`);
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
  expect(upstream.seen).toEqual([]);
});

test('two tokens in one request are refused: who would know which one was checked?', async () => {
  const { issuer, upstream, url } = await privateGateway();
  const lines = [`Authorization: Bearer ${await issuer.token()}`, 'Authorization: Bearer evil'];
  const answer = await sendRaw(url, head('GET /api/things HTTP/1.1', ...lines));
  expect(statusOf(answer)).toBe(400);
  expect(upstream.seen).toEqual([]);
});

test('keys that were exchanged are fetched anew, though not at once again', async () => {
  const { issuer, ask } = await privateGateway();
  const before = `Bearer ${await issuer.token()}`;
  expect((await ask(before)).status).toBe(200);
  await issuer.rotate();
  const after = `Bearer ${await issuer.token()}`;
  expect((await ask(after)).status).toBe(401);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
  onTestFinished(() => void vi.useRealTimers());
  expect((await ask(after)).status).toBe(200);
  expect((await ask(before)).status).toBe(401);
  expect(issuer.seen).toHaveLength(2);
});

test('while the keys cannot be had, nobody is let in, and nobody is told that the token is bad', async () => {
  const { issuer, upstream, ask } = await privateGateway();
  const authorization = `Bearer ${await issuer.token()}`;
  issuer.stop();
  const answer = await ask(authorization);
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(upstream.seen).toEqual([]);
});

test('keys that are known serve on while their issuer is away', async () => {
  const { issuer, ask } = await privateGateway();
  const authorization = `Bearer ${await issuer.token()}`;
  expect((await ask(authorization)).status).toBe(200);
  issuer.stop();
  expect((await ask(authorization)).status).toBe(200);
});

test('a public route asks for no token, and leaves one to its upstream', async () => {
  const { environment } = await startIssuer();
  const upstream = await startUpstream();
  const { url } = await startGateway(upstream.url, { environment, isPublic: true });
  expect((await fetch(`${url}/api/things`)).status).toBe(200);
  const headers = { authorization: 'Bearer whatever' };
  expect((await fetch(`${url}/api/things`, { headers })).status).toBe(200);
  expect(upstream.seen[1]?.headers.authorization).toBe('Bearer whatever');
});

test('in production a private route without an issuer of tokens is no start', async () => {
  const production = { NODE_ENV: 'production' };
  const start = (environment: Record<string, string>) =>
    startGateway('http://127.0.0.1:9', { environment, isPublic: false });
  await expect(start(production)).rejects.toThrow(/JWT_ISSUER.* is not public/);
  const { environment } = await startIssuer();
  await expect(start({ ...production, ...environment })).resolves.toHaveProperty('url');
});

test('the variables of the issuer go together', async () => {
  const { JWT_JWKS_URL: _, ...part } = (await startIssuer()).environment;
  expect(() => readConfig({ gateway: gatewayConfig }, part)).toThrow('JWT_JWKS_URL: is needed too');
});
