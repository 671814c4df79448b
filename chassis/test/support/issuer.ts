import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { startUpstream } from './upstream.ts';

const audience = 'https://shop.example';

/** Someone who makes tokens and publishes keys, for one test. */
export async function startIssuer() {
  let keys: JWK[] = [];
  let current: { kid: string; privateKey: CryptoKey };
  const server = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys }));
  });
  /** Makes a new key, and forgets the one before. */
  const rotate = async (): Promise<void> => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const kid = `key-${Math.random()}`;
    keys = [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }];
    current = { kid, privateKey };
  };
  await rotate();
  const issuer = `${server.url}/`;
  return {
    environment: {
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: audience,
      JWT_JWKS_URL: `${server.url}/keys`,
    },
    publicKeys: () => keys,
    seen: server.seen,
    rotate,
    stop: server.stop,
    /** A token that is valid but for what is given. */
    token({ key = current.privateKey, lifetime = 3600, ...claims }: TokenOptions = {}) {
      const now = Math.floor(Date.now() / 1000);
      const exp = lifetime === Number.POSITIVE_INFINITY ? {} : { exp: now + lifetime };
      return new SignJWT({ iss: issuer, aud: audience, sub: 'ann', ...exp, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: current.kid })
        .sign(key);
    },
  };
}

interface TokenOptions {
  readonly key?: CryptoKey;
  /** Seconds; one without end has no claim that says so. */
  readonly lifetime?: number;
  readonly iss?: string;
  readonly aud?: string;
  readonly sub?: string;
  readonly nbf?: number;
}
