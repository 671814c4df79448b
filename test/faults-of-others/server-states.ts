import { execa } from 'execa';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { vi } from 'vitest';
import { ClickHouseServer, clickhousePackages } from '../support/clickhouse.ts';
import { FerretServer, ferretProgram } from '../support/ferretdb.ts';
import { MysqlServer, mariadb, mysql } from '../support/mysql.ts';
import { PostgresServer } from '../support/postgres.ts';
import { throughProxy } from '../support/through-proxy.ts';
import {
  type Refusal,
  RefusingClickHouse,
  RefusingMongo,
  type RefusingProxy,
} from './refusing-proxies.ts';
import { hasDisks, SmallDisk } from './small-disk.ts';

/** A state in which a server takes no writes, and the way into it and out of it. */
interface State {
  readonly name: string;
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** A server that can be brought into such states. */
interface Patient {
  readonly environment: Readonly<Record<string, string>>;
  readonly states: readonly State[];
  dispose(): Promise<void>;
}

interface PatientKind {
  readonly name: string;
  readonly datastore: string;
  readonly available: boolean;
  create(): Promise<Patient>;
}

const database = 'states';

export const patients: readonly PatientKind[] = [
  {
    name: 'PostgreSQL',
    datastore: 'postgres',
    available: hasDisks,
    async create() {
      const server = await PostgresServer.create();
      const environment = await server.database(database);
      // Not all of its data: without place for its log, the server would end itself.
      const disk = await SmallDisk.create(32);
      await execa('chown', ['postgres', disk.folder]);
      await asPostgres(server, `create tablespace small location '${disk.folder}'`);
      await asPostgres(server, `alter database ${database} set tablespace small`);
      const setReadOnly = async (to: string) => {
        await asPostgres(server, `alter system set default_transaction_read_only = ${to}`);
        await asPostgres(server, 'select pg_reload_conf()');
      };
      const states = [fullDisk(disk), readOnly(setReadOnly)];
      return { environment, states, dispose: () => disposeAll(server, disk) };
    },
  },
  {
    name: 'MariaDB',
    datastore: 'mysql',
    available: hasDisks && mariadb.program !== undefined,
    async create() {
      const disk = await SmallDisk.create(400);
      const server = await on(disk, () => MysqlServer.create(mariadb));
      const states = [fullDisk(disk), readOnly((to) => setReadOnly(server, to))];
      const environment = await server.database(database);
      return { environment, states, dispose: () => disposeAll(server, disk) };
    },
  },
  {
    name: 'MySQL',
    datastore: 'mysql',
    available: mysql.program !== undefined,
    async create() {
      const server = await MysqlServer.create(mysql);
      const states = [readOnly((to) => setReadOnly(server, to))];
      const environment = await server.database(database);
      return { environment, states, dispose: () => server.dispose() };
    },
  },
  {
    name: 'MongoDB',
    datastore: 'mongodb',
    available: ferretProgram !== undefined,
    async create() {
      const server = await FerretServer.create();
      const proxy = await RefusingMongo.to(server.port);
      const noPrimary = { ok: 1, isWritablePrimary: false, secondary: true };
      const states = [
        refusal(proxy, 'its disk is full', { code: 14031, codeName: 'OutOfDiskSpace' }),
        refusal(proxy, 'it is no primary any more', {
          ...{ code: 10107, codeName: 'NotWritablePrimary', hello: noPrimary },
        }),
      ];
      const own = await server.database(database);
      const environment = throughProxy(own, server.port, proxy.port);
      return { environment, states, dispose: () => disposeAll(server, proxy) };
    },
  },
  {
    name: 'ClickHouse',
    datastore: 'clickhouse',
    available: hasDisks && clickhousePackages !== undefined,
    async create() {
      const disk = await SmallDisk.create(100);
      const server = await on(disk, () => ClickHouseServer.create());
      const proxy = await RefusingClickHouse.to(server.port);
      const states = [
        fullDisk(disk),
        refusal(proxy, 'its table is read-only', { code: 242, codeName: 'TABLE_IS_READ_ONLY' }),
      ];
      const own = await server.database(database);
      const environment = throughProxy(own, server.port, proxy.port);
      return { environment, states, dispose: () => disposeAll(proxy, server, disk) };
    },
  },
];

function fullDisk(disk: SmallDisk): State {
  return { name: 'its disk is full', begin: () => disk.fill(), end: () => disk.free() };
}

function readOnly(set: (to: 'on' | 'off') => Promise<void>): State {
  return { name: 'it is read-only', begin: () => set('on'), end: () => set('off') };
}

function refusal(proxy: RefusingProxy, name: string, refused: Refusal): State {
  const set = async (to: Refusal | undefined) => {
    proxy.refusal = to;
  };
  return { name, begin: () => set(refused), end: () => set(undefined) };
}

/** Makes a server whose data is on a disk. */
async function on<Server>(disk: SmallDisk, create: () => Promise<Server>): Promise<Server> {
  vi.stubEnv('TMPDIR', disk.folder);
  return create().finally(() => vi.unstubAllEnvs());
}

async function disposeAll(...all: readonly { dispose(): Promise<void> }[]): Promise<void> {
  for (const one of all) await one.dispose();
}

async function asPostgres({ port }: PostgresServer, statement: string): Promise<void> {
  const client = new pg.Client(`postgres://postgres:postgres@127.0.0.1:${port}/postgres`);
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

async function setReadOnly({ port }: MysqlServer, to: string): Promise<void> {
  const root = await createConnection(`mysql://root@127.0.0.1:${port}`);
  await root.query(`set global read_only = ${to}`).finally(() => root.end());
}
