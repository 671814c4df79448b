import { z } from 'zod';
import type { ConfigPart } from '../config.ts';

/** The Kafka cluster. */
export interface KafkaConfig {
  readonly brokers: string[];
  readonly createTopics: boolean;
  readonly concurrency: number;
}

declare module '../config.ts' {
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
      KAFKA_CREATE_TOPICS: z.stringbool().default(false),
      KAFKA_CONCURRENCY: z.coerce.number().int().min(1).max(1000).default(16),
    })
    .transform(
      (environment): KafkaConfig => ({
        brokers: environment.KAFKA_BROKERS.split(','),
        createTopics: environment.KAFKA_CREATE_TOPICS,
        concurrency: environment.KAFKA_CONCURRENCY,
      }),
    ),
} satisfies ConfigPart;
