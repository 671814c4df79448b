import { z } from 'zod';

/** Whose tokens are taken. */
export interface TokenIssuer {
  readonly issuer: string;
  /** What the tokens must be made for. */
  readonly audience: string;
  /** Where the issuer's keys are, as a JSON Web Key Set. */
  readonly keys: URL;
}

export interface AuthenticationConfig {
  /** Without one nobody can be told from anybody. */
  readonly issuer: TokenIssuer | undefined;
  readonly isProduction: boolean;
}

const names = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URL'] as const;

export const authenticationSchema = z
  .object({
    JWT_ISSUER: z.string().optional(),
    JWT_AUDIENCE: z.string().optional(),
    JWT_JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
    NODE_ENV: z.string().optional(),
  })
  .superRefine((environment, context) => {
    const missing = names.filter((name) => environment[name] === undefined);
    if (missing.length === names.length) return;
    for (const name of missing) {
      const message = `is needed too: the variables ${names.join(', ')} go together`;
      context.addIssue({ code: 'custom', path: [name], message });
    }
  })
  .transform(
    ({ JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL, NODE_ENV }): AuthenticationConfig => ({
      issuer:
        JWT_ISSUER === undefined || JWT_AUDIENCE === undefined || JWT_JWKS_URL === undefined
          ? undefined
          : { issuer: JWT_ISSUER, audience: JWT_AUDIENCE, keys: new URL(JWT_JWKS_URL) },
      isProduction: NODE_ENV === 'production',
    }),
  );
