import type { FastifyInstance } from 'fastify';
import type { CloudEvent } from '../events/index.ts';
import { type InboxConfig, inboxConfigOf } from '../outbox/index.ts';
import { pruneHourly } from '../store/index.ts';
import type { RelationalDatabase } from './database.ts';
import type { Executor } from './dialect.ts';
import { longestWait } from './limits.ts';
import { inboxTables } from './needed-tables.ts';
import { type InboxTables, withChassisTables } from './tables.ts';

/** Reads `INBOX_RETENTION_HOURS`, and compares the limits of handlers with the database's. */
export const inboxConfig = inboxConfigOf(longestWait);

/** Keeps the inbox from growing for ever: what was handled long ago is forgotten. */
export function registerInbox<Tables extends InboxTables, Work>(
  app: FastifyInstance,
  database: RelationalDatabase<Tables, Work>,
  { retentionHours }: InboxConfig,
): void {
  database.need(inboxTables);
  pruneHourly(app, {
    ...{ name: 'inbox', required: false, failure: 'the inbox was not pruned' },
    prune: () => pruneInbox(database, retentionHours),
  });
}

/** Whether the effect of an event has been committed. */
export async function wasHandled(kysely: Executor, { source, id }: CloudEvent): Promise<boolean> {
  const row = await kysely
    .selectFrom('inbox')
    .select('event_id')
    .where('source', '=', source)
    .where('event_id', '=', id)
    .executeTakeFirst();
  return row !== undefined;
}

/** Forgets events that were handled so long ago that no bus delivers them any more. */
export async function pruneInbox<Tables extends InboxTables, Work>(
  database: RelationalDatabase<Tables, Work>,
  retentionHours: number,
): Promise<void> {
  const age = database.dialect.inbox.hoursAgo(retentionHours);
  const kysely = withChassisTables(database.kysely);
  await kysely.deleteFrom('inbox').where('handled_at', '<', age).execute();
  await kysely.deleteFrom('event_attempts').where('noted_at', '<', age).execute();
}
