import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startMysql } from '../../development/mysql.ts';

/** One MySQL or MariaDB for the whole test run, unless `DATABASE_URL` names one. */
export default async function start(): Promise<() => Promise<void>> {
  if (process.env.DATABASE_URL) return async () => undefined;
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'service-test-'));
  const server = await startMysql(path.join(folder, 'mysql'));
  process.env.DATABASE_URL = server.url;
  return async () => {
    await server.stop();
    await fs.rm(folder, { recursive: true, force: true });
  };
}
