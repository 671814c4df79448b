import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startMongo } from '../../development/mongodb.ts';

/** One MongoDB for the whole test run, unless `MONGODB_URL` or `DATABASE_URL` names one. */
export default async function start(): Promise<() => Promise<void>> {
  process.env.MONGODB_URL ||= process.env.DATABASE_URL ?? '';
  if (process.env.MONGODB_URL) return async () => undefined;
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'service-test-'));
  const server = await startMongo(path.join(folder, 'mongodb'));
  process.env.MONGODB_URL = server.url;
  return async () => {
    await server.stop();
    await fs.rm(folder, { recursive: true, force: true });
  };
}
