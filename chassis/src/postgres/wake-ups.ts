import pg from 'pg';
import type { WakeUps } from '../outbox/index.ts';
import type { ConnectionConfig } from '../relational/index.ts';
import { clientConfig } from './connections.ts';
import { outboxChannel } from './outbox.ts';

/**
 * Calls back whenever a commit, in whatever instance, wrote to the outbox. LISTEN needs a connection
 * of its own; it is made again when it broke.
 */
export class Notifications implements WakeUps {
  readonly #config: ConnectionConfig;
  readonly #wake: () => void;
  #listener: pg.Client | undefined;

  constructor(config: ConnectionConfig, wake: () => void) {
    this.#config = config;
    this.#wake = wake;
  }

  /** Sees to it that commits are heard of from now on. */
  async listen(): Promise<void> {
    if (this.#listener !== undefined) return;
    const listener = new pg.Client(clientConfig(this.#config));
    listener.on('notification', this.#wake);
    const forget = (): void => {
      this.#listener = undefined;
    };
    listener.on('error', forget);
    listener.on('end', forget);
    await listener.connect();
    await listener.query(`listen ${outboxChannel}`);
    this.#listener = listener;
  }

  async stop(): Promise<void> {
    await this.#listener?.end().catch(() => undefined);
  }
}
