import { setTimeout as delay } from 'node:timers/promises';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import type { TlsFiles } from '../credentials/index.ts';
import type { RabbitConfig } from './config.ts';

const connectMs = 5000;
const closeMs = 3000;
/** An instance that lost the network is taken for dead after two or three of them. */
const heartbeatSeconds = '5';

/** A connection that is opened when it is needed, and again when it is needed after it broke. */
export class Link {
  /** The name of the service, by which the server knows who asks. */
  readonly service: string;
  readonly #url: string;
  readonly #tls: TlsFiles;
  #connection: Promise<ChannelModel> | undefined;
  #blocked: string | undefined;

  constructor(service: string, { url, tls }: RabbitConfig) {
    this.service = service;
    const address = new URL(url);
    if (!address.searchParams.has('heartbeat'))
      address.searchParams.set('heartbeat', heartbeatSeconds);
    this.#url = address.href;
    this.#tls = tls;
  }

  /** Rejects when the server does not answer within seconds. */
  connection(): Promise<ChannelModel> {
    this.#connection ??= this.#open();
    return this.#connection;
  }

  /** Throws while the server takes no messages, because its memory or disk is full. */
  check(): void {
    if (this.#blocked !== undefined)
      throw new Error(`the server takes no messages: ${this.#blocked}`);
  }

  /** Lends a channel, which the server closes at the first error. */
  async withChannel<Result>(use: (channel: Channel) => Promise<Result>): Promise<Result> {
    const connection = await this.connection();
    const channel = quiet(await connection.createChannel());
    try {
      return await use(channel);
    } finally {
      await closed(channel);
    }
  }

  async close(): Promise<void> {
    const opened = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    if (opened !== undefined) await closed(opened);
  }

  #open(): Promise<ChannelModel> {
    const opening = connectTo(this.service, this.#url, this.#tls);
    const forget = (): void => {
      if (this.#connection === opening) this.#connection = undefined;
    };
    opening.then((connection) => {
      this.#blocked = undefined;
      connection.on('blocked', (reason) => {
        this.#blocked = reason;
      });
      connection.on('unblocked', () => {
        this.#blocked = undefined;
      });
      connection.once('close', forget);
    }, forget);
    return opening;
  }
}

async function connectTo(service: string, url: string, tls: TlsFiles): Promise<ChannelModel> {
  const clientProperties = { connection_name: service };
  const options = { timeout: connectMs, noDelay: true, clientProperties, ...tls };
  return quiet(await connect(url, options));
}

/** Whoever waits for an answer is told of an error; the event would only end the process. */
export function quiet<Emitter extends ChannelModel | Channel>(emitter: Emitter): Emitter {
  emitter.on('error', () => undefined);
  return emitter;
}

/** Closes a connection or channel, also one that is closed already or that nobody answers on. */
export async function closed(open: ChannelModel | Channel): Promise<void> {
  const isClosed = new Promise((resolve) => open.once('close', resolve));
  const isAnswered = open.close().catch(() => undefined);
  await Promise.race([isClosed, isAnswered, delay(closeMs, undefined, { ref: false })]);
}
