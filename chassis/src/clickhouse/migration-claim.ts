import { randomUUID } from 'node:crypto';
import type { Connection } from './connection.ts';

const table = 'schema_claims';

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
 * The right to run one migration. Whoever writes the next turn first holds it, until it expires or is
 * released. It is no fence: an instance that stands still for longer than the lease and then goes on
 * may still finish the statement that it had begun.
 */
export class MigrationClaim {
  readonly #connection: Connection;
  readonly #migration: string;
  readonly #lease: number;
  readonly #holder = randomUUID();

  /** @param lease milliseconds for which a holder that says nothing keeps it. */
  constructor(connection: Connection, migration: string, lease: number) {
    this.#connection = connection;
    this.#migration = migration;
    this.#lease = lease;
  }

  /** Whether it is ours now; it may be another instance's that has not let it expire. */
  async take(): Promise<boolean> {
    const last = await this.#lastTurn();
    if (last !== undefined && !last.expired && last.holder !== this.#holder) return false;
    return this.#write((last?.turn ?? 0) + 1, this.#lease);
  }

  /**
   * Keeps what was taken from expiring while work goes on, and then lets others have it.
   *
   * @param work is given a function that throws when another instance has taken over.
   */
  async hold<T>(work: (ensureHeld: () => void) => Promise<T>): Promise<T> {
    let isLost = false;
    let renewal = Promise.resolve();
    const renew = async (): Promise<void> => {
      // While the database is away nothing is known; whether the claim outlived that is seen next time.
      const isOurs = await this.take().catch(() => true);
      isLost ||= !isOurs;
    };
    const renewing = setInterval(() => {
      renewal = renew();
    }, this.#lease / 3);
    const ensureHeld = (): void => {
      if (isLost) throw new Error(`another instance has taken over ${this.#migration}`);
    };
    try {
      return await work(ensureHeld);
    } finally {
      clearInterval(renewing);
      await renewal;
      await this.#release().catch(() => undefined);
    }
  }

  async #release(): Promise<void> {
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
      `select turn, holder, expires <= now64(3) as expired from ${table}
        where migration = {migration:String} order by turn desc, _block_number limit 1`,
      { migration: this.#migration },
    );
    return last;
  }
}
