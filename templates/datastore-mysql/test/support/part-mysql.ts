import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
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
  return { environment: { DATABASE_URL: url.href } };
}

async function administrate(server: string, statement: string): Promise<void> {
  const connection = await createConnection(server);
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}
