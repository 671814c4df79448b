import type { EventEmitter } from 'node:events';
import type { Dialect, Kysely, RawBuilder, Transaction } from 'kysely';
import type { CloudEvent, Message } from '../events/index.ts';
import type { OutboxState, RelayTurn, WakeUps } from '../outbox/index.ts';
import type { DatabaseConfig } from '../store/index.ts';
import type { NeededTables } from './needed-tables.ts';
import type { ChassisTables } from './tables.ts';

/** How a service connects. */
export interface ConnectionConfig extends DatabaseConfig {
  /** The service's name, as the server shows it of a connection. */
  readonly applicationName: string;
}

/** How many connections of a pool are open and idle, and how many callers wait for one. */
export interface PoolState {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

/** A pool of connections, each behind a `Fence`. */
export interface Connections {
  readonly dialect: Dialect;
  state(): PoolState;
}

/** Tells of each transaction of this process that has committed. */
export type Commits = EventEmitter<{ committed: [Transaction<ChassisTables>] }>;

/** Where the statements of all parts run. */
export type Executor = Kysely<ChassisTables>;

/** What differs between the servers that speak SQL; statements are those of Kysely otherwise. */
export interface RelationalDialect {
  /** @param onIdleError is told of connections that break while no query runs on them. */
  connect(config: ConnectionConfig, onIdleError: (error: Error) => void): Connections;
  /** Rejects when the database takes no writes, as on a standby; writes nothing to find out. */
  requireWritable(kysely: Executor): Promise<void>;
  readonly migrations: MigrationDialect;
  readonly outbox: OutboxDialect;
  readonly inbox: InboxDialect;
}

export interface MigrationDialect {
  /** Runs work on one connection, under a lock that others of this service wait for. */
  underLock<T>(kysely: Executor, run: (session: Executor) => Promise<T>): Promise<T>;
  /** Runs a migration and the note that it was applied, as one as far as the server can. */
  together(session: Executor, run: (executor: Executor) => Promise<void>): Promise<void>;
  /** Creates the table of the history, unless it is there. */
  createHistory(session: Executor): Promise<void>;
}

interface OutboxDialect {
  /** Tables that it needs beside those of every server. */
  readonly tables: NeededTables;
  /** Writes events, in their order, as part of a transaction; its commit wakes the relay. */
  append(transaction: Transaction<ChassisTables>, messages: readonly Message[]): Promise<void>;
  /** Runs work as the one instance that relays, or returns nothing when that is another one. */
  inRelayTurn<T>(
    session: { readonly kysely: Executor; readonly config: ConnectionConfig },
    run: (turn: RelayTurn) => Promise<T>,
  ): Promise<T | undefined>;
  state(kysely: Executor): Promise<OutboxState>;
  wakeUps(
    database: { readonly config: ConnectionConfig; readonly commits: Commits },
    wake: () => void,
  ): WakeUps;
}

interface InboxDialect {
  /**
   * Notes, as part of the transaction of its effect, that an event is being handled. A delivery that
   * comes while another is handling the same event waits here for that one's outcome.
   *
   * @returns whether it is new; one that is not must have no further effect.
   */
  note(transaction: Transaction<ChassisTables>, event: CloudEvent): Promise<boolean>;
  /** Notes several events, and returns what tells, the first time that it is asked, whether one is new. */
  noteAll(
    transaction: Transaction<ChassisTables>,
    events: readonly CloudEvent[],
  ): Promise<(event: CloudEvent) => boolean>;
  /** Notes how often an event was handled alone, whether or not it was noted before. */
  noteAttempts(kysely: Executor, event: CloudEvent, attempts: number): Promise<void>;
  /** The time of so many hours ago, on the server's clock. */
  hoursAgo(hours: number): RawBuilder<Date>;
}

/** Whether a column of the outbox has one of some values, of which there is at least one. */
export type IsAmong = (
  column: 'position' | 'topic' | 'aggregate',
  values: readonly string[],
) => RawBuilder<boolean>;
