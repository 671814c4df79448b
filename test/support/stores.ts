import type { Certificate } from './certificate.ts';
import { ClickHouseServer, clickhousePackages } from './clickhouse.ts';
import { FerretServer, ferretProgram } from './ferretdb.ts';
import { MysqlServer, mariadb, mysql } from './mysql.ts';
import { PostgresServer } from './postgres.ts';
import { SqliteFolder } from './sqlite.ts';

/** A real datastore's server that can be stopped (as by SIGKILL) and started again at the same address. */
export interface StoreServer {
  readonly port: number;
  /** What an emitted service's own tests need to find it, where they can start none by themselves. */
  readonly ownTests?: Readonly<Record<string, string>>;
  /** Makes an empty database, and returns what a service needs to find it. */
  database(name: string): Promise<Readonly<Record<string, string>>>;
  /** An administrator's session in a database, of servers that speak SQL. */
  session?(database: string): Promise<StoreSession>;
  stop(): Promise<void>;
  start(): Promise<void>;
  dispose(): Promise<void>;
}

/** A connection of the test's own. */
export interface StoreSession {
  query(sql: string): Promise<unknown>;
  /** Ends one of the other sessions in the database, chosen by that number of 0 to 1, if there are any. */
  killOne(which: number): Promise<void>;
  end(): Promise<void>;
}

/** What `test/stores` must know of a datastore; variables are those of its services. */
interface StoreTraits {
  /** Several changes commit together or not at all. */
  readonly transactions: boolean;
  /** An event is published if and only if its change is kept, and has its effect once. */
  readonly outbox: boolean;
  /** Services reach it over a network, which can be cut. */
  readonly remote: boolean;
  /** Services can insist on TLS by `DATABASE_TLS`. */
  readonly tls: boolean;
  /** What a driver would obey in a URL, although it contradicts the variables, and how it is refused. */
  readonly tlsInUrl: { readonly parameter: string; readonly refusal: RegExp };
  /** The service has `src/database/migrations`, and refuses another history than theirs. */
  readonly migrations: boolean;
  /** Variables whose values must be refused. */
  readonly wrong: Readonly<Record<string, string>>;
  /** Two connections, for which nobody waits longer than half a second. */
  readonly smallPool: Readonly<Record<string, string>>;
  /** A connection that falls silent is given up within three seconds. */
  readonly shortTimeouts: Readonly<Record<string, string>>;
}

export interface Store {
  /** Whether this machine has the server; tests that need it are skipped without it. */
  readonly available: boolean;
  /** With a certificate the server offers TLS. */
  create(certificate?: Certificate): Promise<StoreServer>;
  readonly traits: StoreTraits;
}

const relational: StoreTraits = {
  transactions: true,
  outbox: true,
  remote: true,
  tls: true,
  tlsInUrl: { parameter: 'sslmode=disable', refusal: /DATABASE_URL: .*DATABASE_TLS/ },
  migrations: true,
  wrong: {
    DATABASE_URL: 'http://user:sesame@localhost/database',
    DATABASE_POOL_MAX: 'many-sesames',
    DATABASE_STATEMENT_TIMEOUT_MS: 'never-sesame',
    DATABASE_TLS_CA_FILE: '/nowhere/sesame.pem',
  },
  smallPool: { DATABASE_POOL_MAX: '2', DATABASE_CONNECT_TIMEOUT_MS: '500' },
  shortTimeouts: { DATABASE_STATEMENT_TIMEOUT_MS: '1000' },
};

/** How tests come to each datastore's real server: every value of the choice `datastore` but `none` has one. */
export const storeServers: Readonly<Record<string, Store>> = {
  postgres: {
    available: true,
    create: (certificate) => PostgresServer.create(certificate),
    traits: relational,
  },
  mysql: {
    available: mariadb.program !== undefined,
    create: (certificate) => MysqlServer.create(mariadb, certificate),
    traits: relational,
  },
  sqlite: {
    available: true,
    create: () => SqliteFolder.create(),
    traits: {
      ...relational,
      remote: false,
      tls: false,
      // It takes no parameters at all.
      tlsInUrl: { parameter: 'mode=ro', refusal: /DATABASE_URL: must/ },
      wrong: {
        DATABASE_URL: 'http://user:sesame@localhost/database',
        DATABASE_POOL_MAX: 'many-sesames',
        DATABASE_STATEMENT_TIMEOUT_MS: 'never-sesame',
      },
    },
  },
  mongodb: {
    available: ferretProgram !== undefined,
    create: () => FerretServer.create(),
    traits: {
      ...relational,
      // One unit of work is one document.
      transactions: false,
      // FerretDB is started without it here.
      tls: false,
      tlsInUrl: { ...relational.tlsInUrl, parameter: 'tls=false' },
    },
  },
  clickhouse: {
    available: clickhousePackages !== undefined,
    create: () => ClickHouseServer.create(),
    traits: {
      // One unit of work is one insert, and a request waits for a connection as long as for an answer.
      transactions: false,
      outbox: false,
      remote: true,
      // The stand-in that runs its engine here speaks plain HTTP.
      tls: false,
      // It takes no parameters at all.
      tlsInUrl: { parameter: 'tls=false', refusal: /DATABASE_URL: must/ },
      migrations: true,
      wrong: { ...relational.wrong, DATABASE_URL: 'http://user:sesame@localhost/' },
      smallPool: { DATABASE_POOL_MAX: '2', DATABASE_STATEMENT_TIMEOUT_MS: '500' },
      shortTimeouts: relational.shortTimeouts,
    },
  },
};

/** What `test/stores` runs on: beside the server of each choice, others that its services must do with. */
export const testedStores: readonly { server: string; datastore: string; store: Store }[] = [
  ...Object.entries(storeServers).map(([datastore, store]) => ({
    ...{ server: datastore, datastore, store },
  })),
  {
    server: 'mysql on MySQL itself',
    datastore: 'mysql',
    store: {
      available: mysql.program !== undefined,
      create: (certificate) => MysqlServer.create(mysql, certificate),
      traits: relational,
    },
  },
];
