import path from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { Embed } from './main.ts';
import { startMysql } from './mysql.ts';

const database = '__service_snake__';

/** A MySQL or MariaDB of this machine in `.data`, kept from one start to the next, unless `DATABASE_URL` names another. */
const embed: Embed = async (environment) => {
  if (environment.DATABASE_URL) return undefined;
  const server = await startMysql(path.resolve(import.meta.dirname, '../.data/mysql')).catch(
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    },
  );
  const connection = await createConnection(server.url);
  await connection.query(`create database if not exists \`${database}\``);
  await connection.end();
  const url = new URL(server.url);
  url.pathname = database;
  return { environment: { DATABASE_URL: url.href }, stop: () => server.stop() };
};

export default embed;
