import type { FastifyInstance } from 'fastify';
import type { Generated } from 'kysely';
import type { CloudEvent } from 'service-chassis/events';

declare module '../database/tables.ts' {
  interface Tables {
    event_attempts: {
      source: string;
      event_id: string;
      attempts: number;
      noted_at: Generated<Date>;
    };
  }
}

/** How often an event was noted to be handled alone; nothing when it was not noted at all. */
export async function attemptsOf(
  { eventsDatabase }: FastifyInstance,
  { source, id }: CloudEvent,
): Promise<number | undefined> {
  const row = await eventsDatabase.kysely
    .selectFrom('event_attempts')
    .select('attempts')
    .where('source', '=', source)
    .where('event_id', '=', id)
    .executeTakeFirst();
  return row?.attempts;
}

/** Notes it in a transaction of its own, so that it is there whatever becomes of the process. */
export async function noteAttempts(
  { eventsDatabase }: FastifyInstance,
  { source, id }: CloudEvent,
  attempts: number,
): Promise<void> {
  await eventsDatabase.kysely
    .insertInto('event_attempts')
    .values({ source, event_id: id, attempts })
    .onConflict((row) => row.columns(['source', 'event_id']).doUpdateSet({ attempts }))
    .execute();
}

export async function forgetAttempts(
  { eventsDatabase }: FastifyInstance,
  { source, id }: CloudEvent,
): Promise<void> {
  await eventsDatabase.kysely
    .deleteFrom('event_attempts')
    .where('source', '=', source)
    .where('event_id', '=', id)
    .execute();
}
