import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { TestPart } from './parts.ts';

/** A database of its own for each test, dropped with it. */
export default async function part(): Promise<TestPart> {
  const server = process.env.DATABASE_URL ?? '';
  const database = `test_${randomBytes(6).toString('hex')}`;
  await administrate(server, `create database ${database}`);
  onTestFinished(() => administrate(server, `drop database if exists ${database} with (force)`));
  const url = new URL(server);
  url.pathname = database;
  return { environment: { DATABASE_URL: url.href } };
}

async function administrate(server: string, statement: string): Promise<void> {
  const client = new pg.Client(server);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
