import {
  type Dialect,
  type Driver,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type {
  ConnectionConfig,
  Connections as ConnectionPool,
  PoolState,
} from '../relational/index.ts';
import type { DatabaseFile } from './database-file.ts';
import { type Leave, Places } from './places.ts';
import { Session } from './session.ts';

/** Kysely's own takes it for granted that there is one connection, and lets one caller in at a time. */
class Adapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** A pool: places for units of work and statements of one file. */
export class Connections implements ConnectionPool {
  readonly dialect: Dialect;
  readonly #config: ConnectionConfig;
  readonly #places: Places;

  constructor(config: ConnectionConfig, file: DatabaseFile) {
    this.#config = config;
    this.#places = new Places(config.poolMax);
    this.dialect = {
      createAdapter: () => new Adapter(),
      createDriver: () => this.#driver(file),
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    };
  }

  /** All places count as open. */
  state(): PoolState {
    const { taken, waiting } = this.#places;
    return { open: this.#config.poolMax, idle: this.#config.poolMax - taken, waiting };
  }

  #driver(file: DatabaseFile): Driver {
    const lent = new WeakMap<object, { readonly session: Session; readonly leave: Leave }>();
    const lentAs = (connection: object) => {
      const known = lent.get(connection);
      if (known === undefined) throw new Error('this connection is of another pool');
      return known;
    };
    return {
      async init() {
        file.addUser();
      },
      acquireConnection: async () => {
        const leave = await this.#places.take(this.#config.connectTimeout);
        const session = new Session(file, this.#config);
        lent.set(session, { session, leave });
        return session;
      },
      beginTransaction: (connection) => lentAs(connection).session.begin(),
      commitTransaction: (connection) => lentAs(connection).session.commit(),
      rollbackTransaction: (connection) => lentAs(connection).session.rollback(),
      async releaseConnection(connection) {
        const { session, leave } = lentAs(connection);
        session.release();
        leave();
      },
      destroy: async () => {
        await this.#places.empty();
        file.removeUser();
      },
    };
  }
}
