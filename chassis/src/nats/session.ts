import {
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { NatsConfig } from './config.ts';
import { Publisher } from './publisher.ts';

/** How many bytes a server takes in a message unless it was told otherwise. */
export const defaultMaxPayload = 1_048_576;

/** A connection, which makes itself again whenever it broke, and what speaks JetStream over it. */
export interface Session {
  readonly service: string;
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly publisher: Publisher;
}

/** Connects. Rejects when no server answers, or when it has no JetStream. */
export async function openSession(service: string, config: NatsConfig): Promise<Session> {
  const connection = await connect({
    ...config,
    name: service,
    timeout: 3000,
    reconnectTimeWait: 500,
    maxReconnectAttempts: -1,
    // A login that is refused may be one that is just being changed.
    ignoreAuthErrorAbort: true,
    pingInterval: 10_000,
    noAsyncTraces: true,
  });
  try {
    const jsm = await jetstreamManager(connection);
    const js = jetstream(connection, { timeout: 10_000 });
    return { service, connection, jsm, js, publisher: new Publisher(connection) };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
