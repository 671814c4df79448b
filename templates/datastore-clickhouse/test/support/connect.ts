import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { DatabaseConfig } from '../../src/database/config.ts';
import { Connection } from '../../src/database/connection.ts';
import { testParts } from './parts.ts';

/** An empty database, and a connection to it. */
export async function connect(): Promise<{ connection: Connection; config: DatabaseConfig }> {
  const { environment, standIns } = await testParts();
  const { database: config } = await loadConfig({ ...standIns.environment, ...environment });
  const connection = new Connection(config, () => undefined);
  onTestFinished(() => connection.close());
  return { connection, config };
}
