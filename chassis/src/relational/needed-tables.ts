import type { Kysely } from 'kysely';
import { CannotStartError } from '../health/index.ts';
import type { AnswerTables, ChassisTables, InboxTables, OutboxTables } from './tables.ts';

/** Names of tables, and of the columns that are needed of each. */
export type NeededTables = Readonly<Record<string, readonly string[]>>;

/** The columns of some tables, as long as none is forgotten. */
type ColumnsOf<Tables> = { readonly [T in keyof Tables]: readonly (keyof Tables[T] & string)[] };

/** What the outbox needs: its tables are created by migrations of the service. */
export const outboxTables = {
  outbox: ['position', 'event', 'written_at', 'topic', 'aggregate'],
  outbox_refused: ['position', 'event', 'reason', 'refused_at'],
} satisfies ColumnsOf<OutboxTables>;

/** What handling events once needs. */
export const inboxTables = {
  inbox: ['source', 'event_id', 'handled_at'],
  event_attempts: ['source', 'event_id', 'attempts', 'noted_at'],
} satisfies ColumnsOf<InboxTables>;

/** What keys of idempotency need. */
export const answerTables = {
  idempotency_keys: ['id', 'fingerprint', 'answer', 'kept_at'],
} satisfies ColumnsOf<AnswerTables>;

/**
 * Looks whether a database has the tables and columns that the chassis needs; it may have more.
 *
 * @throws CannotStartError naming all that is missing.
 */
export async function requireTables(
  kysely: Kysely<ChassisTables>,
  needed: NeededTables,
): Promise<void> {
  const columns = new Map<string, Set<string>>();
  for (const table of await kysely.introspection.getTables()) {
    const known = columns.get(table.name) ?? new Set();
    for (const { name } of table.columns) known.add(name);
    columns.set(table.name, known);
  }
  const missing = Object.entries(needed).flatMap(([table, names]) => {
    const there = columns.get(table);
    if (there === undefined) return [`the table ${table}`];
    return names.filter((name) => !there.has(name)).map((name) => `the column ${table}.${name}`);
  });
  if (missing.length === 0) return;
  throw new CannotStartError(
    `The database lacks what this version of service-chassis needs: ${missing.join(', ')}. Add it by a migration.`,
  );
}
