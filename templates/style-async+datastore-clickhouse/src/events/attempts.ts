import type { FastifyInstance } from 'fastify';
import type { CloudEvent } from 'service-chassis/events';

const table = 'event_attempts';
/** Takes back what was noted before it. */
const forgotten = -1;

/** How often an event was noted to be handled alone; nothing when it was not noted at all. */
export async function attemptsOf(
  { database }: FastifyInstance,
  { source, id }: CloudEvent,
): Promise<number | undefined> {
  const [last] = await database.connection.select<{ attempts: number }>(
    `select attempts from ${table} where source = {source:String} and event_id = {id:String}
      order by noted_at desc limit 1`,
    { source, id },
  );
  return last?.attempts === forgotten ? undefined : last?.attempts;
}

export async function noteAttempts(
  { database }: FastifyInstance,
  { source, id }: CloudEvent,
  attempts: number,
): Promise<void> {
  await database.connection.insert(table, [{ source, event_id: id, attempts }]);
}

/** An event that was dealt with hardly comes again, so its rows wait for their time to live. */
export async function forgetAttempts(app: FastifyInstance, event: CloudEvent): Promise<void> {
  await noteAttempts(app, event, forgotten);
}
