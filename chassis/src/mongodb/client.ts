import { MongoClient } from 'mongodb';
import type { MongoConfig } from './config.ts';

/** How a client connects, and what it is called: the server shows it beside each connection. */
export interface ClientOptions {
  /** The service's name. */
  readonly service: string;
  readonly config: Pick<
    MongoConfig,
    'url' | 'poolMax' | 'connectTimeout' | 'statementTimeout' | 'tls'
  >;
}

/**
 * What is written is confirmed when a majority has it in its journal, and what is read was confirmed
 * so: neither a failover nor a power cut takes it back, and no event of a change that is taken back is
 * seen. That is no matter of deployment, so the URL cannot change it. The driver repeats a read or a
 * write that broke with its connection once where that is safe: reads, and in a replica set writes,
 * which the server then recognises.
 */
export function connectionTo({ service, config }: ClientOptions): MongoClient {
  return new MongoClient(config.url, {
    appName: service,
    maxPoolSize: config.poolMax,
    waitQueueTimeoutMS: config.connectTimeout,
    connectTimeoutMS: config.connectTimeout,
    serverSelectionTimeoutMS: config.connectTimeout,
    socketTimeoutMS: config.statementTimeout,
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: config.statementTimeout },
    readConcern: { level: 'majority' },
    ignoreUndefined: true,
    monitorCommands: true,
    ...(config.tls === undefined ? {} : { tls: true, ...config.tls }),
  });
}
