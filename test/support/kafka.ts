import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import type { Certificate } from './certificate.ts';
import { kill } from './kill.ts';
import { accepts, freePort } from './ports.ts';

/** Folder with the jars of Apache Kafka; tests that need a broker are skipped without it. */
export const kafkaJars = process.env.CREATE_SERVICE_KAFKA_LIB;

/** A real broker, one node in KRaft mode, that can be stopped and started again on the same port. */
export class KafkaServer {
  readonly environment: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly port: number;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number, host = '127.0.0.1') {
    this.#folder = folder;
    this.port = port;
    this.environment = { KAFKA_BROKERS: `${host}:${port}` };
  }

  /** With a certificate the broker wants TLS, the same certificate of its clients, and a login (`login`). */
  static async create(proxyPort?: number, certificate?: Certificate): Promise<KafkaServer> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-kafka-'));
    const [port, controller] = [await freePort(), await freePort()];
    const properties = {
      'process.roles': 'broker,controller',
      'node.id': 1,
      'controller.quorum.bootstrap.servers': `127.0.0.1:${controller}`,
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${proxyPort ?? port},CONTROLLER://127.0.0.1:${controller}`,
      'controller.listener.names': 'CONTROLLER',
      'log.dirs': path.join(folder, 'data'),
      'offsets.topic.replication.factor': 1,
      'offsets.topic.num.partitions': 1,
      'transaction.state.log.replication.factor': 1,
      'transaction.state.log.min.isr': 1,
      'group.initial.rebalance.delay.ms': 0,
      ...(certificate && (await secured(folder, certificate, port, controller))),
    };
    const text = Object.entries(properties).map(([key, value]) => `${key}=${value}`);
    await fs.writeFile(path.join(folder, 'server.properties'), text.join('\n'));
    const server = new KafkaServer(folder, port, certificate && 'localhost');
    await server.#format();
    await server.start();
    return server;
  }

  async #format(): Promise<void> {
    const user = `SCRAM-SHA-512=[name=${login.user},password=${login.password}]`;
    const format = ['format', '--standalone', '-t', clusterId, '--add-scram', user, '-c'];
    await execa('java', this.#java('kafka.tools.StorageTool', ...format));
  }

  #java(...args: string[]): string[] {
    const file = path.join(this.#folder, 'server.properties');
    return [...shortLived, '-Xmx512m', '-cp', `${kafkaJars}/*`, ...args, file];
  }

  async start(): Promise<void> {
    const child = spawn('java', this.#java('kafka.Kafka'), { stdio: 'ignore' });
    this.#process = child;
    for (let tries = 0; tries < 600; tries += 1) {
      if (child.exitCode !== null) throw new Error('the Kafka broker ended at start');
      if (await accepts(this.port)) return;
      await delay(100);
    }
    throw new Error('the Kafka broker did not start within a minute');
  }

  stop(): Promise<void> {
    return kill(this.#process);
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async wipe(): Promise<void> {
    await fs.rm(path.join(this.#folder, 'data'), { recursive: true, force: true });
    await this.#format();
  }

  async dispose(): Promise<void> {
    await this.stop();
    await fs.rm(this.#folder, { recursive: true, force: true });
  }
}

/**
 * A broker of tests lives for a minute or two, which is too short for what it is compiled into to pay; and its classes
 * are read from the archive that `.ci/servers` has made, if there is one. Benchmarks and long runs start it as it is.
 */
const shortLived =
  process.env.VITEST === undefined || kafkaJars === undefined
    ? []
    : [
        ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'],
        `-XX:SharedArchiveFile=${path.join(kafkaJars, '../classes.jsa')}`,
      ];

const clusterId = 'MkU3OEVBNTcwNTJENDM2Qk';

export const login = { user: 'orders', password: 'open sesame' };

/** A token that is good for an hour from then. @param from seconds since 1970. */
export function tokenFrom(from: number): string {
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encoded({ alg: 'none' })}.${encoded({ sub: login.user, iat: from, exp: from + 3600 })}.`;
}

/** A listener with TLS for clients, beside one without it for the broker itself. */
async function secured(
  folder: string,
  { file, keyFile }: Certificate,
  port: number,
  controller: number,
): Promise<Record<string, string>> {
  const [inner, keyStore] = [await freePort(), path.join(folder, 'keystore.pem')];
  const pem = await Promise.all([keyFile, file].map((name) => fs.readFile(name, 'utf8')));
  await fs.writeFile(keyStore, pem.join('\n'));
  const plain = `PLAINTEXT://127.0.0.1:${inner}`;
  return {
    listeners: `SASL_SSL://127.0.0.1:${port},${plain},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `SASL_SSL://localhost:${port},${plain},CONTROLLER://127.0.0.1:${controller}`,
    'listener.security.protocol.map': 'SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyStore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': file,
    'listener.name.sasl_ssl.ssl.client.auth': 'required',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512,OAUTHBEARER',
    // Tokens are believed unsigned, if only they have not expired.
    'listener.name.sasl_ssl.oauthbearer.sasl.jaas.config':
      'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config':
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_${login.user}="${login.password}";`,
  };
}
