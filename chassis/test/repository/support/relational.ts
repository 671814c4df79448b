import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, onTestFinished, vi } from 'vitest';
import { type StoreServer, testedStores } from '../../../../test/support/stores.ts';
import { readPart } from '../../../src/config/index.ts';
import { InProcessBus } from '../../../src/development/index.ts';
import {
  defineHandler,
  type EventBus,
  type Events,
  eventsConfig,
  type HandlerContext,
  messageOf,
  type Publish,
  registerEvents,
} from '../../../src/events/index.ts';
import { idempotencyConfig } from '../../../src/idempotency/index.ts';
import * as mysql from '../../../src/mysql/index.ts';
import { registerOutbox } from '../../../src/outbox/index.ts';
import * as postgres from '../../../src/postgres/index.ts';
import {
  type AnswerTables,
  answersIn,
  type EventTables,
  eventsIn,
  outboxOf,
  publisher,
  type RelationalDatabase,
  registerInbox,
  registerRelational,
} from '../../../src/relational/index.ts';
import * as sqlite from '../../../src/sqlite/index.ts';
import type { DatabaseConfig } from '../../../src/store/index.ts';
import { newEvent, orderRequested } from '../../support/events.ts';
import { buildService } from '../../support/service.ts';

interface OrderTables extends EventTables, AnswerTables {
  orders: { id: string; reference: string };
}

/** What a unit of work of these tests offers. */
export interface Work {
  readonly orders: Orders;
  readonly publish: Publish;
}

/** Orders in their table. */
class Orders {
  readonly #executor: Kysely<OrderTables>;

  constructor(executor: Kysely<OrderTables>) {
    this.#executor = executor;
  }

  async insert(reference: string, id: string = randomUUID()): Promise<string> {
    await this.#executor.insertInto('orders').values({ id, reference }).execute();
    return id;
  }

  async references(): Promise<string[]> {
    const rows = await this.#executor.selectFrom('orders').select('reference').execute();
    return rows.map(({ reference }) => reference);
  }
}

export type OrdersDatabase = RelationalDatabase<OrderTables, Work>;

const defaults = {
  ...{ poolMax: 10, connectTimeout: 3000, statementTimeout: 8000, transactionTimeout: 20_000 },
  slowQuery: 500,
};

/** What a unit of work has to know of the bus. */
type WayOut = Pick<Events, 'maxEventBytes' | 'messageOf'>;

const withoutBus: WayOut = {
  maxEventBytes: 1_000_000,
  messageOf: (event) => messageOf(event),
};

const adapters = {
  postgres: {
    read: postgres.postgresConfig(defaults),
    open: (config: DatabaseConfig, way: () => WayOut): OrdersDatabase =>
      postgres.postgres<OrderTables, Work>(config, {
        service: 'orders',
        unitOfWork: (transaction, events) => ({
          orders: new Orders(transaction),
          publish: publisher(events, way),
        }),
      }),
  },
  mysql: {
    read: mysql.mysqlConfig(defaults),
    open: (config: DatabaseConfig, way: () => WayOut): OrdersDatabase =>
      mysql.mysql<OrderTables, Work>(config, {
        service: 'orders',
        unitOfWork: (transaction, events) => ({
          orders: new Orders(transaction),
          publish: publisher(events, way),
        }),
      }),
  },
  sqlite: {
    read: sqlite.sqliteConfig(defaults),
    open: (config: DatabaseConfig, way: () => WayOut): OrdersDatabase =>
      sqlite.sqlite<OrderTables, Work>(config, {
        service: 'orders',
        unitOfWork: (transaction, events) => ({
          orders: new Orders(transaction),
          publish: publisher(events, way),
        }),
      }),
  },
};

type Kind = keyof typeof adapters;

function isKind(datastore: string): datastore is Kind {
  return datastore in adapters;
}

type Variables = Readonly<Record<string, string>>;

/** A real server of a test file, and what it is spoken to by. */
export class Server {
  readonly kind: Kind;
  readonly #create: () => Promise<StoreServer>;
  #server: StoreServer | undefined;

  constructor(kind: Kind, create: () => Promise<StoreServer>) {
    this.kind = kind;
    this.#create = create;
  }

  async start(): Promise<void> {
    this.#server = await this.#create();
  }

  async dispose(): Promise<void> {
    await this.#server?.dispose();
  }

  /** The folder of migrations that create the table of orders, and those of the chassis. */
  get migrations(): string {
    return path.join(import.meta.dirname, 'migrations', this.kind);
  }

  /** How to connect to an empty database of the test's own. */
  async database(variables: Variables = {}): Promise<DatabaseConfig> {
    const found = await this.#server?.database(`test_${randomBytes(6).toString('hex')}`);
    return readPart(adapters[this.kind].read, { ...found, ...variables });
  }

  /** Where there is no database. */
  away({ url }: DatabaseConfig): string {
    if (this.kind === 'sqlite') return url.replace(/[^/]+$/, 'nowhere/database.db');
    const nobody = new URL(url);
    nobody.host = '127.0.0.1:1';
    return nobody.href;
  }

  /** A database as such, which is closed with the test. */
  open(config: DatabaseConfig, way = () => withoutBus): OrdersDatabase {
    const database = adapters[this.kind].open(config, way);
    onTestFinished(() => database.close());
    return database;
  }

  /** The same, with all that opens it told apart: for a service, which closes it itself. */
  openFor(config: DatabaseConfig, way: () => WayOut): OrdersDatabase {
    return adapters[this.kind].open(config, way);
  }
}

/** Runs tests on each real server that this machine has; the others are skipped by their names. */
export function onEachServer(
  run: (server: Server) => void,
  kinds: readonly Kind[] = ['postgres', 'mysql', 'sqlite'],
): void {
  for (const { server: name, datastore, store } of testedStores) {
    if (!isKind(datastore) || !kinds.includes(datastore)) continue;
    describe.skipIf(!store.available)(name, () => {
      const server = new Server(datastore, () => store.create());
      beforeAll(() => server.start());
      afterAll(() => server.dispose());
      run(server);
    });
  }
}

/** What a service of these tests is made of. */
interface Given {
  readonly environment?: Variables;
  /** Where its database is, of another instance of the same service. */
  readonly config?: DatabaseConfig;
  readonly bus?: EventBus;
  /** Handles what asks for an order; creates it unless told otherwise. */
  readonly apply?: (reference: string, work: Work, context: HandlerContext) => Promise<void>;
}

/** A message that asks for an order. */
export function request(reference: string) {
  return messageOf(newEvent(orderRequested, reference, { reference }));
}

/** A service that keeps orders, with an outbox and an inbox; it has started. */
export async function startOrders(server: Server, given: Given = {}) {
  const { environment = {}, bus = new InProcessBus() } = given;
  const { apply = async (reference, { orders }) => void (await orders.insert(reference)) } = given;
  const config = given.config ?? (await server.database(environment));
  const app = await buildService(environment);
  const database = server.openFor(config, () => app.events);
  const events = readPart(eventsConfig({ concurrency: 8, takenPerTurn: 32 }), {
    EVENTS_RETRY_PAUSE_MS: '10',
    ...environment,
  });
  const pool = database.withPool(events.concurrency + 2);
  const { migrations } = server;
  registerRelational(app, { database, pools: { events: pool }, migrations });
  const answers = answersIn(app, database, readPart(idempotencyConfig, {}));
  registerEvents(app, {
    ...{ service: 'orders', config: events, bus, datastore: eventsIn(pool), hasCallers: true },
    schemas: [orderRequested],
    handlers: [
      defineHandler<{ reference: string }, Work>({
        event: orderRequested,
        apply: ({ reference }, work, context) => apply(reference, work, context),
      }),
    ],
  });
  registerInbox(app, pool, { retentionHours: 336 });
  registerOutbox(app, { store: outboxOf(pool), stuckAfter: events.stuckAfter });
  await app.ready();
  await vi.waitFor(async () => {
    const { statusCode, body } = await app.inject('/health/ready');
    if (statusCode !== 200) throw new Error(body);
    const startup = await app.inject('/health/startup');
    if (startup.json().status !== 'started') throw new Error(startup.body);
  }, 10_000);
  const kept = () => new Orders(database.kysely).references();
  const metrics = async () => (await app.inject('/metrics')).body;
  return { app, database, pool, config, bus, answers, kept, metrics };
}

/** Ends the connection of every transaction that is open in the database. */
export async function killTransactions(
  { kind }: Server,
  { kysely }: OrdersDatabase,
): Promise<void> {
  if (kind === 'postgres') {
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and state = 'idle in transaction'
    `.execute(kysely);
    return;
  }
  const { rows } = await sql<{ id: string }>`
    select id from information_schema.processlist
    where db = database() and command = 'Sleep' and id <> connection_id() order by id
  `.execute(kysely);
  for (const { id } of rows) await sql`kill ${sql.raw(id)}`.execute(kysely).catch(() => undefined);
}
