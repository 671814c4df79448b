import { randomBytes } from 'node:crypto';
import { createClient } from '@clickhouse/client';
import { onTestFinished } from 'vitest';
import type { TestPart } from './parts.ts';

/** A database of its own for each test, dropped with it. */
export default async function part(): Promise<TestPart> {
  const server = process.env.DATABASE_URL ?? '';
  const database = `test_${randomBytes(6).toString('hex')}`;
  await administrate(server, `create database ${database}`);
  onTestFinished(() => administrate(server, `drop database if exists ${database}`));
  const url = new URL(server);
  url.pathname = database;
  return { environment: { DATABASE_URL: url.href, BULK_INSERT_MAX_WAIT_MS: '10' } };
}

async function administrate(server: string, statement: string): Promise<void> {
  const client = createClient({ url: server });
  try {
    await client.command({ query: statement });
  } finally {
    await client.close();
  }
}
