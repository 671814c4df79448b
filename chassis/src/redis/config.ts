import { z } from 'zod';
import type { ConfigPart } from '../config/index.ts';
import type { TlsFiles } from '../credentials/index.ts';
import { tlsFrom, tlsVariables } from '../events/index.ts';

/** The Redis server that carries events. */
export interface RedisConfig {
  readonly url: string;
  readonly tls: TlsFiles;
}

/** Reads where the server is, and how to log in, from `REDIS_URL`; see `EVENTS_TLS_*` for TLS. */
export const redisConfig = {
  schema: z
    .object({
      REDIS_URL: z
        .url({
          protocol: /^rediss?$/,
          hostname: /./,
          abort: true,
          error: 'must be a URL such as redis://user:password@localhost:6379',
        })
        .refine((url) => /^(\/\d*)?$/.test(new URL(url).pathname), {
          error: 'may name a database only by its number, as in redis://localhost:6379/0',
        }),
      ...tlsVariables,
    })
    .transform(
      (environment, context): RedisConfig => ({
        url: environment.REDIS_URL,
        tls: tlsFrom(environment, context),
      }),
    ),
} satisfies ConfigPart<never, RedisConfig>;
