import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
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

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
    this.environment = { KAFKA_BROKERS: `127.0.0.1:${port}` };
  }

  static async create(proxyPort?: number): Promise<KafkaServer> {
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
    };
    const text = Object.entries(properties).map(([key, value]) => `${key}=${value}`);
    await fs.writeFile(path.join(folder, 'server.properties'), text.join('\n'));
    const server = new KafkaServer(folder, port);
    await server.#format();
    await server.start();
    return server;
  }

  async #format(): Promise<void> {
    const format = ['format', '--standalone', '-t', clusterId, '-c'];
    await execa('java', this.#java('kafka.tools.StorageTool', ...format));
  }

  #java(...args: string[]): string[] {
    const file = path.join(this.#folder, 'server.properties');
    return ['-Xmx512m', '-cp', `${kafkaJars}/*`, ...args, file];
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

const clusterId = 'MkU3OEVBNTcwNTJENDM2Qk';
