import { z } from 'zod';
import type { ConfigPart } from '../config/index.ts';
import type { TlsFiles } from '../credentials/index.ts';
import { tlsFrom, tlsVariables } from '../events/index.ts';

/** The RabbitMQ server, or what stands before a cluster of them. */
export interface RabbitConfig {
  readonly url: string;
  readonly tls: TlsFiles;
}

/** Reads where the server is, and how to log in, from `AMQP_URL`; see `EVENTS_TLS_*` for TLS. */
export const rabbitConfig = {
  schema: z
    .object({
      AMQP_URL: z.url({
        protocol: /^amqps?$/,
        error: 'must be a URL such as amqp://user:password@host:5672/vhost, or amqps: for TLS',
      }),
      ...tlsVariables,
    })
    .transform(
      (environment, context): RabbitConfig => ({
        url: environment.AMQP_URL,
        tls: tlsFrom(environment, context),
      }),
    ),
} satisfies ConfigPart<never, RabbitConfig>;
