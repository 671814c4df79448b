import { createClient, ErrorReply, RESP_TYPES } from '@redis/client';
import { withTimeout } from '../resilience/index.ts';
import type { RedisConfig } from './config.ts';

/** A connected client of Redis. */
export type Client = ReturnType<typeof newClient>;

/** Commands that are obeyed together, or not at all. */
export type Batch = ReturnType<Client['multi']>;

/** Has a client answer with the bytes of texts, which need not be UTF-8. */
export const asBytes = { [RESP_TYPES.BLOB_STRING]: Buffer };

interface Opened {
  readonly client: Client;
  readonly ready: Promise<unknown>;
}

const connectMs = 3000;
/** A server that takes longer to answer is taken for gone. */
const answerMs = 5000;

/**
 * A connection that is opened when it is first needed and again after it broke. Nothing waits for a
 * server that is away: what is asked of it then is refused, and who asked decides what to do.
 */
export class RedisConnection {
  readonly #server: RedisConfig;
  #opened: Opened | undefined;
  #closed = false;

  constructor(server: RedisConfig) {
    this.#server = server;
  }

  /**
   * Runs commands; those that are given at once go out together.
   *
   * @param limit how long their answer may take, in milliseconds.
   * @throws Error when the server refuses them, is away, or does not answer in time. In the last two
   * cases it may have obeyed all the same.
   */
  async run<T>(commands: (client: Client) => Promise<T>, limit = answerMs): Promise<T> {
    if (this.#closed) throw new Error('the connection to Redis is closed');
    this.#opened ??= this.#open();
    const { client, ready } = this.#opened;
    try {
      return await withTimeout(limit, async () => {
        await ready;
        return commands(client);
      });
    } catch (error) {
      if (isOfConnection(error)) {
        this.#forget(client);
        client.destroy();
      }
      throw error;
    }
  }

  #open(): Opened {
    const client = newClient(this.#server);
    // Its connection is gone, and it makes no other.
    client.on('error', () => this.#forget(client));
    return { client, ready: client.connect() };
  }

  #forget(client: Client): void {
    if (this.#opened?.client === client) this.#opened = undefined;
  }

  /** Breaks off what is being waited for, and opens no more. */
  close(): void {
    this.#closed = true;
    this.#opened?.client.destroy();
  }
}

function newClient({ url, tls }: RedisConfig) {
  return createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: connectMs,
      reconnectStrategy: false,
      ...(url.startsWith('rediss:') && { tls: true as const, ...tls }),
    },
  });
}

/** Whether another connection may do better; READONLY: a fail-over made this server a replica. */
function isOfConnection(error: unknown): boolean {
  return !(error instanceof ErrorReply) || error.message.startsWith('READONLY');
}
