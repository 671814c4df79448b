import path from 'node:path';
import pg from 'pg';
import type { Embed } from './main.ts';
import { startPostgres } from './postgres.ts';

const database = 'orders';

/** A PostgreSQL in `.data`, kept from one start to the next, unless `DATABASE_URL` names another. */
const embed: Embed = async (environment) => {
  if (environment.DATABASE_URL) return undefined;
  const server = await startPostgres(path.resolve(import.meta.dirname, '../.data/postgres'));
  await createDatabase(server.url);
  const url = new URL(server.url);
  url.pathname = database;
  return { environment: { DATABASE_URL: url.href }, stop: () => server.stop() };
};

export default embed;

async function createDatabase(server: string): Promise<void> {
  const client = new pg.Client(server);
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      database,
    ]);
    if (rowCount === 0) await client.query(`create database "${database}"`);
  } finally {
    await client.end();
  }
}
