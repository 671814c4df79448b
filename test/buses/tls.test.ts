import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { BusServer } from '../support/buses.ts';
import { type Certificate, certificateIn, signedCertificateIn } from '../support/certificate.ts';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { KafkaServer, kafkaJars, login, tokenFrom } from '../support/kafka.ts';
import { NatsServer, natsProgram } from '../support/nats.ts';
import { natsOperator } from '../support/nats-operator.ts';
import { RabbitServer, rabbitProgram } from '../support/rabbitmq.ts';
import { RedisServer, redisProgram } from '../support/redis.ts';
import { servicesIn } from '../support/services.ts';
import { BusProcess } from './bus-process.ts';

const operator = await natsOperator();

/** Servers that want TLS and a certificate of their clients, with what a service needs to log in. */
const secured: readonly {
  name: string;
  bus: string;
  available: boolean;
  create(certificate: Certificate): Promise<BusServer>;
  login: Record<string, string>;
  /** The variable that names the file of the login's secret, and what writes it, or another that must not do. */
  secret?: {
    variable: string;
    write(file: string): Promise<unknown>;
    guess(file: string): Promise<unknown>;
  };
}[] = [
  ...['PLAIN', 'SCRAM-SHA-512'].map((mechanism) => ({
    name: `kafka with ${mechanism}`,
    bus: 'kafka',
    available: kafkaJars !== undefined,
    create: (certificate: Certificate) => KafkaServer.create(undefined, certificate),
    login: {
      KAFKA_TLS: 'true',
      KAFKA_SASL_MECHANISM: mechanism,
      KAFKA_USERNAME: login.user,
      KAFKA_PASSWORD: login.password,
    },
  })),
  {
    name: 'kafka with OAUTHBEARER',
    bus: 'kafka',
    available: kafkaJars !== undefined,
    create: (certificate) => KafkaServer.create(undefined, certificate),
    login: { KAFKA_TLS: 'true', KAFKA_SASL_MECHANISM: 'OAUTHBEARER' },
    secret: {
      variable: 'KAFKA_TOKEN_FILE',
      write: (file) => fs.writeFile(file, tokenFrom(Math.floor(Date.now() / 1000))),
      guess: (file) => fs.writeFile(file, tokenFrom(1_000_000_000)),
    },
  },
  {
    name: 'nats with credentials',
    bus: 'nats',
    available: natsProgram !== undefined,
    create: (certificate) => NatsServer.create(certificate, operator),
    login: {},
    secret: {
      variable: 'NATS_CREDENTIALS_FILE',
      write: (file) => operator.credentialsIn(file),
      guess: async (file) => (await natsOperator()).credentialsIn(file),
    },
  },
  {
    name: 'nats',
    bus: 'nats',
    available: natsProgram !== undefined,
    create: (certificate) => NatsServer.create(certificate),
    login: {},
  },
  {
    name: 'rabbitmq',
    bus: 'rabbitmq',
    available: rabbitProgram !== undefined,
    create: (certificate) => RabbitServer.create(certificate),
    login: {},
  },
  {
    name: 'redis',
    bus: 'redis',
    available: redisProgram !== undefined,
    create: (certificate) => RedisServer.create(certificate),
    login: {},
  },
];

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

describe.each(secured)('$name', ({ bus, available, create, login, secret }) => {
  test.skipIf(!available)(
    'events travel by TLS between those who know each other, and nobody else gets in',
    { timeout: 120_000 },
    async () => {
      const root = await temporaryFolder();
      const choices = ['--style', 'async', '--datastore', 'none', '--bus', bus];
      await servicesIn(root, { orders: choices });
      const folder = path.join(root, 'orders');
      await link(folder, dependencies);
      // The Erlang of RabbitMQ believes no client that signed its certificate itself.
      const make = bus === 'rabbitmq' ? signedCertificateIn : certificateIn;
      const certificate = await make(root);
      const server = await create(certificate);
      try {
        const file = path.join(root, 'secret');
        await secret?.write(file);
        const ca = {
          ...server.environment,
          ...login,
          ...(secret && { [secret.variable]: file }),
          EVENTS_TLS_CA_FILE: certificate.file,
        };
        const own = {
          EVENTS_TLS_CERT_FILE: certificate.file,
          EVENTS_TLS_KEY_FILE: certificate.keyFile,
        };
        const create = { EVENTS_CREATE_TOPICS: 'true' };
        const topics = ['secret.v1'];
        const all = { events: topics, consumed: topics, deadLetters: 'secret.dead-letter' };
        const stranger = await BusProcess.start(folder, { ...create, ...ca });
        await expect(stranger.do('connect', all)).rejects.toThrow();
        if (secret !== undefined) {
          const guess = path.join(root, 'guess');
          await secret.guess(guess);
          const wrong = { ...create, ...ca, ...own, [secret.variable]: guess };
          const guessing = await BusProcess.start(folder, wrong);
          await expect(guessing.do('connect', all)).rejects.toThrow();
        }
        const { KAFKA_PASSWORD: password } = login;
        if (password !== undefined) {
          const wrong = { ...create, ...ca, ...own, KAFKA_PASSWORD: `not ${password}` };
          const guessing = await BusProcess.start(folder, wrong);
          await expect(guessing.do('connect', all)).rejects.toThrow();
        }

        const service = await BusProcess.start(folder, { ...create, ...ca, ...own });
        await vi.waitFor(() => service.do('connect', all), 30_000);
        await vi.waitFor(() => service.do('consume', topics, { kind: 'handle' }), 30_000);
        await service.do('publish', [
          { topic: 'secret.v1', key: 'key', body: 'body', headers: {} },
        ]);
        await vi.waitFor(() => expect(service.handled).toHaveLength(1), 30_000);
      } finally {
        await server.dispose();
      }
    },
  );
});
