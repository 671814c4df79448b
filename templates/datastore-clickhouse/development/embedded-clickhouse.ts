import path from 'node:path';
import { createClient } from '@clickhouse/client';
import { startClickHouse } from './clickhouse.ts';
import type { Embed } from './main.ts';

const database = '__service_snake__';

/** A ClickHouse in `.data`, kept from one start to the next, unless `DATABASE_URL` names another. */
const embed: Embed = async (environment) => {
  if (environment.DATABASE_URL) return undefined;
  const server = await startClickHouse(path.resolve(import.meta.dirname, '../.data/clickhouse'));
  const client = createClient({ url: server.url });
  await client.command({ query: `create database if not exists "${database}"` });
  await client.close();
  const url = new URL(server.url);
  url.pathname = database;
  return { environment: { DATABASE_URL: url.href }, stop: () => server.stop() };
};

export default embed;
