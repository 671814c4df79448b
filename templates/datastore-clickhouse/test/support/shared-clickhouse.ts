import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startClickHouse } from '../../development/clickhouse.ts';

/** One ClickHouse for the whole test run, unless `DATABASE_URL` names one. */
export default async function start(): Promise<() => Promise<void>> {
  if (process.env.DATABASE_URL) return async () => undefined;
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'service-test-'));
  const server = await startClickHouse(path.join(folder, 'clickhouse'));
  process.env.DATABASE_URL = server.url;
  return async () => {
    await server.stop();
    await fs.rm(folder, { recursive: true, force: true });
  };
}
