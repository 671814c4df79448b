import { randomUUID } from 'node:crypto';
import type { Connection } from './connection.ts';

const table = '_migration_claims';

/** Claims are turns that are counted up for each migration. */
export function createClaims(connection: Connection): Promise<void> {
  return connection.command(`create table if not exists ${table} (
    migration String, turn UInt32, holder String, expires DateTime64(3, 'UTC')
  ) engine = MergeTree order by (migration, turn)
  settings enable_block_number_column = 1, non_replicated_deduplication_window = 1000`);
}

interface Turn {
  readonly turn: number;
  readonly holder: string;
  readonly expired: boolean;
}

/**
 * The right to run one migration, for as long as one statement may take and a little more. Whoever
 * writes the next turn first holds it. It is no fence: an instance that stands still between two
 * statements for longer than that and then goes on, runs one more statement beside its successor.
 */
export class MigrationClaim {
  readonly #connection: Connection;
  readonly #migration: string;
  readonly #lease: number;
  readonly #holder = randomUUID();

  /** @param statementTimeout milliseconds that one statement may take. */
  constructor(connection: Connection, migration: string, statementTimeout: number) {
    this.#connection = connection;
    this.#migration = migration;
    this.#lease = 2 * statementTimeout;
  }

  /** Whether it is ours now; it may be another instance's that has not let it expire. */
  async take(): Promise<boolean> {
    const last = await this.#lastTurn();
    if (last !== undefined && !last.expired && last.holder !== this.#holder) return false;
    return this.#write((last?.turn ?? 0) + 1, this.#lease);
  }

  /** Holds it for one more statement. @throws Error when another instance has taken over. */
  async renew(): Promise<void> {
    if (!(await this.take()))
      throw new Error(`another instance has taken over the migration ${this.#migration}`);
  }

  /** Lets others have it at once. */
  async release(): Promise<void> {
    const last = await this.#lastTurn();
    if (last?.holder === this.#holder) await this.#write(last.turn + 1, 0);
  }

  async #write(turn: number, lease: number): Promise<boolean> {
    const migration = this.#migration;
    // The server's clock counts, so that those of the instances need not agree.
    const [now] = await this.#connection.select<{ expires: string }>(
      'select now64(3) + toIntervalMillisecond({lease:UInt32}) as expires',
      { lease },
    );
    const row = { migration, turn, holder: this.#holder, expires: now?.expires };
    await this.#connection.insert(table, [row], `${migration}:${turn}`);
    const [first] = await this.#connection.select<{ holder: string }>(
      `select holder from ${table} where migration = {migration:String} and turn = {turn:UInt32}
        order by _block_number limit 1`,
      { migration, turn },
    );
    return first?.holder === this.#holder;
  }

  async #lastTurn(): Promise<Turn | undefined> {
    const [last] = await this.#connection.select<Turn>(
      `select turn, holder, expires < now64(3) as expired from ${table}
        where migration = {migration:String} order by turn desc, _block_number limit 1`,
      { migration: this.#migration },
    );
    return last;
  }
}
