import type { CloudEvent } from '../events/index.ts';
import type { Executor } from './dialect.ts';

/** How often an event was noted to be handled alone; nothing when it was not noted at all. */
export async function attemptsOf(
  kysely: Executor,
  { source, id }: CloudEvent,
): Promise<number | undefined> {
  const row = await kysely
    .selectFrom('event_attempts')
    .select('attempts')
    .where('source', '=', source)
    .where('event_id', '=', id)
    .executeTakeFirst();
  return row?.attempts;
}

export async function forgetAttempts(kysely: Executor, { source, id }: CloudEvent): Promise<void> {
  await kysely
    .deleteFrom('event_attempts')
    .where('source', '=', source)
    .where('event_id', '=', id)
    .execute();
}
