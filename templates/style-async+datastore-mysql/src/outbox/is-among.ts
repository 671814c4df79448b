import { type RawBuilder, sql } from 'kysely';

/** Whether a column of the outbox has one of some values, of which there must be any. */
export function isAmong(
  column: 'position' | 'topic' | 'aggregate',
  values: readonly string[],
): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} in (${sql.join(values)})`;
}
