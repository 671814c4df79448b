import { z } from 'zod';
import type { ConfigPart } from '../../config.ts';

/** The Kafka cluster. */
export interface KafkaConfig {
  readonly brokers: string[];
}

declare module '../../config.ts' {
  interface Config {
    readonly kafka: KafkaConfig;
  }
}

export default {
  key: 'kafka',
  schema: z
    .object({
      KAFKA_BROKERS: z
        .string({ error: 'must name brokers, such as localhost:9092' })
        .regex(/^[\w.-]+:\d+(,[\w.-]+:\d+)*$/, 'must be host:port, or several separated by commas'),
    })
    .transform((environment): KafkaConfig => ({ brokers: environment.KAFKA_BROKERS.split(',') })),
} satisfies ConfigPart;
