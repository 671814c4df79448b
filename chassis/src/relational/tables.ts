import type { Generated, Kysely, Transaction } from 'kysely';

/** Where events wait until the bus has them. The event is JSON, as text. */
export interface OutboxTables {
  /** The version before this one names no topic and no aggregate. */
  outbox: {
    position: Generated<string>;
    event: string;
    written_at: Generated<Date>;
    topic: string | null;
    aggregate: string | null;
  };
  /** Events that the bus will not take. */
  outbox_refused: {
    position: string;
    event: string;
    reason: string;
    refused_at: Generated<Date>;
  };
}

/** What is known of events that have come. */
export interface InboxTables {
  /** Events that were handled. */
  inbox: { source: string; event_id: string; handled_at: Generated<Date> };
  /** Events over which a process may have ended. */
  event_attempts: {
    source: string;
    event_id: string;
    attempts: number;
    noted_at: Generated<Date>;
  };
}

/** What publishing and handling events needs beside a service's own tables. */
export interface EventTables extends OutboxTables, InboxTables {}

/** Where the answers of requests with an `Idempotency-Key` are kept. */
export interface AnswerTables {
  idempotency_keys: {
    id: string;
    fingerprint: string;
    /** JSON; empty only while the transaction runs that will fill it in. */
    answer: string;
    /** Milliseconds since 1970. */
    kept_at: number;
  };
}

/** Has a row for each migration that was applied. */
export const historyTable = 'schema_history';

/** Every table that the chassis may use. */
export interface ChassisTables extends EventTables, AnswerTables {
  schema_history: { name: string; checksum: string; applied_at: Generated<Date> };
  /** MySQL's: whoever holds its only row relays. */
  outbox_relay: { id: number };
}

/**
 * The same connection or transaction, seen with the chassis' tables: the compiler cannot follow through
 * Kysely's generics that a service's tables extend them. Whether the database has them is checked when
 * the service starts (`missingFrom`).
 */
export function withChassisTables<Tables>(
  executor: Transaction<Tables>,
): Transaction<ChassisTables>;
export function withChassisTables<Tables>(executor: Kysely<Tables>): Kysely<ChassisTables>;
export function withChassisTables(executor: unknown): unknown {
  return executor;
}
