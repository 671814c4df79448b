import { type RawBuilder, sql } from 'kysely';

/** Whether a column of the outbox has one of some values; the same statement however many they are. */
export function isAmong(
  column: 'position' | 'topic' | 'aggregate',
  values: readonly string[],
): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} = any(${values})`;
}
