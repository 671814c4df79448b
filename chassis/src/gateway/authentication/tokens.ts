import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { NamedError } from '../../copies/index.ts';
import type { TokenIssuer } from './config.ts';

/** Signatures that need no secret here; so neither "none" nor one with a shared key. */
const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
/** Seconds by which clocks may differ. */
const clockTolerance = 5;
/** Milliseconds. */
const keysTimeout = 2000;

/** The token is the fault: another might do. */
const faultsOfToken = [
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

/** Why a request is not from a caller who is known: 401, with what RFC 6750 wants in the answer. */
export class UnauthorizedError extends NamedError {
  override readonly name = 'UnauthorizedError';
  readonly statusCode = 401;
  /** `WWW-Authenticate`. */
  readonly challenge: string;

  constructor(detail: string, hasToken: boolean) {
    super(detail);
    this.challenge = hasToken ? `Bearer error="invalid_token"` : 'Bearer';
  }
}

/** The issuer's keys cannot be had, so no token can be checked: 503. */
class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
  readonly statusCode = 503;
}

/**
 * Checks the tokens of one issuer against its keys, which are fetched when they are first needed, kept
 * for ten minutes, and fetched again for a key that is not known, at most every half minute.
 */
export class Tokens {
  readonly #issuer: TokenIssuer;
  readonly #keys: JWTVerifyGetKey;

  constructor(issuer: TokenIssuer) {
    this.#issuer = issuer;
    this.#keys = createRemoteJWKSet(issuer.keys, { timeoutDuration: keysTimeout });
  }

  /**
   * The subject of the token that an `Authorization` brings, if it has one.
   *
   * @throws UnauthorizedError without a valid token, KeysUnavailableError when that cannot be told.
   */
  async subjectOf(authorization: string | undefined): Promise<string | undefined> {
    if (authorization === undefined) throw new UnauthorizedError('A token is needed.', false);
    const [, token] = /^Bearer ([\w~+/.-]+=*)$/i.exec(authorization) ?? [];
    if (token === undefined) throw new UnauthorizedError('A bearer token is needed.', false);
    const { issuer, audience } = this.#issuer;
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer,
        audience,
        algorithms,
        clockTolerance,
        requiredClaims: ['exp'],
      });
      return payload.sub;
    } catch (error) {
      if (faultsOfToken.some((fault) => error instanceof fault)) {
        throw new UnauthorizedError('The token is not valid.', true);
      }
      throw new KeysUnavailableError(`no keys from ${this.#issuer.keys.href}`, { cause: error });
    }
  }
}
