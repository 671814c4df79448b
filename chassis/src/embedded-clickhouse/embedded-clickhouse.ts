import path from 'node:path';
import { createClient } from '@clickhouse/client';
import { databaseStandIn, packageUrl, type StandIn, startProgram } from '../stand-ins/index.ts';

const program = path.join(import.meta.dirname, `server${path.extname(import.meta.filename)}`);

/**
 * The ClickHouse engine of the npm package `chdb`, behind ClickHouse's HTTP interface: what stands in for
 * the database in development and tests, unless `DATABASE_URL` names another.
 *
 * @param database its name in development.
 * @param service URL of a module of the service, `import.meta.url`, which has the package for development.
 */
export function embeddedClickHouse(database: string, service: string): StandIn {
  return databaseStandIn(database, {
    kind: 'clickhouse',
    start: (folder, environment) =>
      startProgram(program, [packageUrl('chdb', service), folder], {
        otherwise: 'The embedded ClickHouse did not start; is the package chdb installed?',
        // One thread a query: those of Node's pool are what the engine is called on.
        environment: { ...environment, UV_THREADPOOL_SIZE: '32' },
      }),
    create,
    drop,
    testVariables: { BULK_INSERT_MAX_WAIT_MS: '10' },
  });
}

async function create(server: string, database: string): Promise<string> {
  await administrate(server, `create database if not exists "${database}"`);
  const url = new URL(server);
  url.pathname = database;
  return url.href;
}

async function drop(server: string, database: string): Promise<void> {
  await administrate(server, `drop database if exists "${database}"`);
}

async function administrate(url: string, query: string): Promise<void> {
  const client = createClient({ url });
  try {
    await client.command({ query });
  } finally {
    await client.close();
  }
}
