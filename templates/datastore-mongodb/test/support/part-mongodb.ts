import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { onTestFinished } from 'vitest';
import { databaseUrl } from '../../development/mongodb.ts';
import type { TestPart } from './parts.ts';

/** A database of its own for each test, dropped with it. */
export default async function part(): Promise<TestPart> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = databaseUrl(process.env.MONGODB_URL ?? '', name);
  onTestFinished(() => dropDatabase(url));
  // On a busy machine, what many do at once may wait for its turn.
  const patient = { DATABASE_CONNECT_TIMEOUT_MS: '20000', SHUTDOWN_TIMEOUT_MS: '60000' };
  return { environment: { DATABASE_URL: url, ...patient } };
}

async function dropDatabase(url: string): Promise<void> {
  const client = new MongoClient(url);
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}
