import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { clickhouseConfig } from '../../src/clickhouse/index.ts';
import { type Environment, readPart } from '../../src/config/index.ts';
import { kafkaConfig } from '../../src/kafka/index.ts';
import { mongodbConfig } from '../../src/mongodb/index.ts';
import { mysqlConfig } from '../../src/mysql/index.ts';
import { natsConfig } from '../../src/nats/index.ts';
import { postgresConfig } from '../../src/postgres/index.ts';
import { rabbitConfig } from '../../src/rabbitmq/index.ts';
import { redisConfig } from '../../src/redis/index.ts';

/** A file with a certificate and a key in it, as far as a configuration looks. */
async function pem(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'tls-files-'));
  onTestFinished(() => fs.rm(folder, { recursive: true }));
  const file = path.join(folder, 'both.pem');
  await fs.writeFile(file, '-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n');
  return file;
}

const reading = (part: Parameters<typeof readPart<object>>[0]) => (environment: Environment) =>
  readPart(part, environment);

const limits = { poolMax: 2, statementTimeout: 1, transactionTimeout: 2, slowQuery: 1 };

test.each([
  [
    'DATABASE',
    reading(postgresConfig()),
    { DATABASE_URL: 'postgres://u:p@h/d', DATABASE_TLS: 'true' },
  ],
  ['DATABASE', reading(mysqlConfig()), { DATABASE_URL: 'mysql://u:p@h/d', DATABASE_TLS: 'true' }],
  [
    'DATABASE',
    reading(mongodbConfig()),
    { DATABASE_URL: 'mongodb://u:p@h/d', DATABASE_TLS: 'true' },
  ],
  ['DATABASE', reading(clickhouseConfig(limits)), { DATABASE_URL: 'https://u:p@h:8443/d' }],
  ['EVENTS', reading(kafkaConfig), { KAFKA_BROKERS: 'h:9093', KAFKA_TLS: 'true' }],
  ['EVENTS', reading(natsConfig), { NATS_URL: 'tls://h:4222' }],
  ['EVENTS', reading(rabbitConfig), { AMQP_URL: 'amqps://h' }],
  ['EVENTS', reading(redisConfig), { REDIS_URL: 'rediss://h' }],
])('%s_TLS_*: a certificate and its key come together', async (prefix, readWith, address) => {
  const file = await pem();
  const [ca, cert, key] = ['CA', 'CERT', 'KEY'].map((name) => `${prefix}_TLS_${name}_FILE`);
  const read = (files: Record<string, string>) => () => readWith({ ...address, ...files });
  expect(read({ [`${ca}`]: file, [`${cert}`]: file })).toThrow(`${key}: must be set`);
  expect(read({ [`${ca}`]: file, [`${key}`]: file })).toThrow(`${cert}: must be set`);
  expect(read({ [`${ca}`]: file, [`${cert}`]: file, [`${key}`]: file })).not.toThrow();
});

test.each([
  ['DATABASE_TLS', reading(postgresConfig()), 'postgres://u:p@h/d'],
  ['DATABASE_TLS', reading(mysqlConfig()), 'mysql://u:p@h/d'],
  ['DATABASE_TLS', reading(mongodbConfig()), 'mongodb://u:p@h/d'],
  ['DATABASE_URL', reading(clickhouseConfig(limits)), 'http://u:p@h:8123/d'],
])('files of TLS that would be of no use are refused: %s', async (name, readWith, url) => {
  const environment = { DATABASE_URL: url, DATABASE_TLS_CA_FILE: await pem() };
  expect(() => readWith(environment)).toThrow(`${name}: must`);
});

test('a token and credentials are files, read anew at each login', async () => {
  const file = await pem();
  const brokers = { KAFKA_BROKERS: 'h:9092', KAFKA_SASL_MECHANISM: 'OAUTHBEARER' };
  const { sasl } = readPart(kafkaConfig, { ...brokers, KAFKA_TOKEN_FILE: file });
  await fs.writeFile(file, 'renewed\n');
  const token = sasl?.token;
  expect(typeof token === 'function' && (await token())).toBe('renewed');
  expect(() => readPart(kafkaConfig, brokers)).toThrow('KAFKA_TOKEN_FILE: must be set');
  const missing = { NATS_URL: 'nats://h', NATS_CREDENTIALS_FILE: '/nowhere' };
  expect(() => readPart(natsConfig, missing)).toThrow('NATS_CREDENTIALS_FILE: must name');
  const both = { NATS_URL: 'nats://u:p@h', NATS_CREDENTIALS_FILE: file };
  expect(() => readPart(natsConfig, both)).toThrow('NATS_URL: must have no login');
});
