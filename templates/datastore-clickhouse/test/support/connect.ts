import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { DatabaseConfig } from '../../src/database/config.ts';
import { Connection } from '../../src/database/connection.ts';
import { testParts } from './parts.ts';

/** So many connections to one empty database, as of so many instances of the service. */
export async function connect(
  count: number,
  change: Partial<DatabaseConfig> = {},
): Promise<{ connections: Connection[]; config: DatabaseConfig }> {
  const { environment, standIns } = await testParts();
  const { database } = await loadConfig({ ...standIns.environment, ...environment });
  const config = { ...database, ...change };
  const connections = Array.from({ length: count }, () => new Connection(config, () => undefined));
  onTestFinished(async () => {
    for (const connection of connections) await connection.close();
  });
  return { connections, config };
}
