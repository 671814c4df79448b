import { z } from 'zod';
import type { ConfigPart } from '../../config.ts';

/** The RabbitMQ server, or what stands before a cluster of them. */
export interface RabbitConfig {
  readonly url: string;
}

declare module '../../config.ts' {
  interface Config {
    readonly rabbit: RabbitConfig;
  }
}

export default {
  key: 'rabbit',
  schema: z
    .object({
      AMQP_URL: z.url({
        protocol: /^amqps?$/,
        error: 'must be a URL such as amqp://user:password@host:5672/vhost, or amqps: for TLS',
      }),
    })
    .transform((environment): RabbitConfig => ({ url: environment.AMQP_URL })),
} satisfies ConfigPart;
