import type { ConsumerOptions } from '@platformatic/kafka';
import { z } from 'zod';
import type { ConfigPart } from '../config/index.ts';
import { secretFile } from '../credentials/index.ts';
import { tlsFrom, tlsVariables } from '../events/index.ts';

/** The Kafka cluster, and how to log in: what every client is made with. */
export type KafkaConfig = Pick<
  ConsumerOptions<string, string, string, string>,
  'bootstrapBrokers' | 'tls' | 'tlsServerName' | 'sasl'
>;

/** The same with the name by which the cluster knows who asks. */
export type KafkaClient = KafkaConfig & { readonly clientId: string };

/** Reads where the cluster is from `KAFKA_BROKERS`, and how to log in; see `EVENTS_TLS_*` for TLS. */
export const kafkaConfig = {
  schema: z
    .object({
      KAFKA_BROKERS: z
        .string({ error: 'must name brokers, such as localhost:9092' })
        .regex(/^[\w.-]+:\d+(,[\w.-]+:\d+)*$/, 'must be host:port, or several separated by commas'),
      KAFKA_TLS: z.stringbool().default(false),
      KAFKA_SASL_MECHANISM: z
        .enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'])
        .default('SCRAM-SHA-512'),
      KAFKA_USERNAME: z.string().optional(),
      KAFKA_PASSWORD: z.string().default(''),
      KAFKA_TOKEN_FILE: secretFile.optional(),
      ...tlsVariables,
    })
    .refine(({ KAFKA_USERNAME, KAFKA_PASSWORD }) => !KAFKA_USERNAME === !KAFKA_PASSWORD, {
      path: ['KAFKA_PASSWORD'],
      error: 'and KAFKA_USERNAME must be set both, or neither',
    })
    .refine(
      ({ KAFKA_SASL_MECHANISM, KAFKA_TOKEN_FILE }) =>
        (KAFKA_SASL_MECHANISM === 'OAUTHBEARER') === (KAFKA_TOKEN_FILE !== undefined),
      {
        path: ['KAFKA_TOKEN_FILE'],
        error: 'must be set with KAFKA_SASL_MECHANISM=OAUTHBEARER, and with no other',
      },
    )
    .transform(
      (environment, context): KafkaConfig => ({
        bootstrapBrokers: environment.KAFKA_BROKERS.split(','),
        // The name that a broker's certificate must be for is the one that it is reached by.
        ...(environment.KAFKA_TLS && {
          tls: { ...tlsFrom(environment, context) },
          tlsServerName: true,
        }),
        ...(environment.KAFKA_TOKEN_FILE && {
          sasl: { mechanism: 'OAUTHBEARER', token: environment.KAFKA_TOKEN_FILE },
        }),
        ...(environment.KAFKA_USERNAME && {
          sasl: {
            mechanism: environment.KAFKA_SASL_MECHANISM,
            username: environment.KAFKA_USERNAME,
            password: environment.KAFKA_PASSWORD,
          },
        }),
      }),
    ),
} satisfies ConfigPart<never, KafkaConfig>;
