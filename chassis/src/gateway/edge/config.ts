import { isIP } from 'node:net';
import { z } from 'zod';

/** What the gateway bears of those outside, and whom it believes. Times are milliseconds, sizes bytes. */
export interface EdgeConfig {
  /** Addresses and networks of proxies whose `X-Forwarded-…` are believed. */
  readonly trustedProxies: readonly string[];
  readonly maxBody: number;
  /** Of the request line and all header fields. */
  readonly maxHeaders: number;
  /** By when a request's head must be here, and by when its body. */
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** How long a body may come more slowly than 1 KiB a second. */
  readonly slowUpload: number;
  /** Bodies that one caller may be sending at once. */
  readonly uploadsPerCaller: number;
  /** A connection on which nothing moves for so long is closed. */
  readonly idleTimeout: number;
}

const milliseconds = z.coerce.number().int().min(100).max(3_600_000);

const networks = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((entry) => entry.trim() || []))
  .refine((entries) => entries.every(isNetwork), 'must be addresses or networks: 10.0.0.0/8, ::1');

export const edgeSchema = z
  .object({
    TRUSTED_PROXIES: networks,
    MAX_BODY_BYTES: z.coerce.number().int().min(0).max(100_000_000_000).default(10_485_760),
    MAX_HEADER_BYTES: z.coerce.number().int().min(1024).max(1_048_576).default(16_384),
    HEADERS_TIMEOUT_MS: milliseconds.default(10_000),
    REQUEST_TIMEOUT_MS: milliseconds.default(60_000),
    SLOW_UPLOAD_MS: milliseconds.default(10_000),
    UPLOADS_PER_CALLER: z.coerce.number().int().min(1).max(10_000).default(20),
    IDLE_TIMEOUT_MS: milliseconds.default(60_000),
  })
  .transform(
    (environment): EdgeConfig => ({
      trustedProxies: environment.TRUSTED_PROXIES,
      maxBody: environment.MAX_BODY_BYTES,
      maxHeaders: environment.MAX_HEADER_BYTES,
      headersTimeout: environment.HEADERS_TIMEOUT_MS,
      requestTimeout: environment.REQUEST_TIMEOUT_MS,
      slowUpload: environment.SLOW_UPLOAD_MS,
      uploadsPerCaller: environment.UPLOADS_PER_CALLER,
      idleTimeout: environment.IDLE_TIMEOUT_MS,
    }),
  );

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
  );
}
