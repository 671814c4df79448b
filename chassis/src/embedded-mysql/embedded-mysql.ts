import path from 'node:path';
import { createConnection } from 'mysql2/promise';
import {
  databaseStandIn,
  type LocalServer,
  NoServerError,
  type StandIn,
  startProgram,
} from '../stand-ins/index.ts';
import { findProgram } from './find-program.ts';

const runner = path.join(import.meta.dirname, `server${path.extname(import.meta.filename)}`);

/**
 * The MariaDB or MySQL of this machine: what stands in for the database in development and tests, unless
 * `DATABASE_URL` names another.
 *
 * @param database its name in development.
 */
export function embeddedMysql(database: string): StandIn {
  return databaseStandIn(database, {
    kind: 'mysql',
    start: (folder, environment) => start(folder, environment, database),
    create,
    drop,
  });
}

async function start(
  folder: string,
  { PATH }: NodeJS.ProcessEnv,
  database: string,
): Promise<LocalServer> {
  const program = await findProgram(['mariadbd', 'mysqld'], PATH);
  if (program === undefined)
    throw new NoServerError(
      `This machine has neither MariaDB nor MySQL: install one, or run \`docker compose up -d mysql\` and set DATABASE_URL=mysql://root:password@127.0.0.1:3306/${database} with DATABASE_ADMIN_PASSWORD of .env as the password.`,
    );
  const installer = await findProgram(['mariadb-install-db'], PATH);
  return startProgram(runner, [folder, program, ...(installer === undefined ? [] : [installer])], {
    otherwise: `${program} did not start; ${path.join(folder, 'error.log')} says why.`,
  });
}

async function create(server: string, database: string): Promise<string> {
  await administrate(server, `create database if not exists \`${database}\``);
  const url = new URL(server);
  url.pathname = database;
  return url.href;
}

async function drop(server: string, database: string): Promise<void> {
  await administrate(server, `drop database if exists \`${database}\``);
}

async function administrate(url: string, statement: string): Promise<void> {
  const connection = await createConnection(url);
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}
