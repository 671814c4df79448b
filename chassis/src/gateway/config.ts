import { z } from 'zod';
import { type AuthenticationConfig, authenticationSchema } from './authentication/config.ts';
import { type CorsConfig, corsSchema } from './cors/config.ts';
import { type EdgeConfig, edgeSchema } from './edge/config.ts';
import { type RateLimitConfig, rateLimitSchema } from './rate-limit/config.ts';

/** Who may ask a gateway for what, how much, and how often. */
export interface GatewayConfig {
  readonly edge: EdgeConfig;
  readonly cors: CorsConfig;
  readonly authentication: AuthenticationConfig;
  readonly rateLimit: RateLimitConfig;
  /** Where `GET /metrics` is answered: a port that is not to be reached from outside. */
  readonly metricsPort: number;
}

const metricsPortSchema = z
  .object({ METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(9464) })
  .transform(({ METRICS_PORT }) => ({ metricsPort: METRICS_PORT }));

/**
 * Reads `TRUSTED_PROXIES`, `MAX_BODY_BYTES`, `MAX_HEADER_BYTES`, `HEADERS_TIMEOUT_MS`, `REQUEST_TIMEOUT_MS`,
 * `SLOW_UPLOAD_MS`, `UPLOADS_PER_CALLER` and `IDLE_TIMEOUT_MS`; `CORS_ORIGINS`; `JWT_ISSUER`, `JWT_AUDIENCE`
 * and `JWT_JWKS_URL`; `RATE_LIMIT_PER_MINUTE`; and `METRICS_PORT`.
 */
export const gatewayConfig = {
  schema: edgeSchema
    .transform((edge) => ({ edge }))
    .and(corsSchema.transform((cors) => ({ cors })))
    .and(authenticationSchema.transform((authentication) => ({ authentication })))
    .and(rateLimitSchema.transform((rateLimit) => ({ rateLimit })))
    .and(metricsPortSchema),
};
