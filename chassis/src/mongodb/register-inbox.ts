import type { FastifyInstance } from 'fastify';
import { type InboxConfig, inboxConfigOf } from '../outbox/index.ts';
import { pruneHourly } from '../store/index.ts';
import type { MongoEvents } from './events.ts';

/** Reads `INBOX_RETENTION_HOURS`. A unit of work keeps nothing locked, so it waits for one command at most. */
export const inboxConfig = inboxConfigOf(({ statementTimeout }) => [
  'DATABASE_STATEMENT_TIMEOUT_MS',
  statementTimeout,
]);

/** Keeps the inbox from growing for ever: what was handled long ago is forgotten. */
export function registerInbox<Work>(
  app: FastifyInstance,
  events: MongoEvents<Work>,
  { retentionHours }: InboxConfig,
): void {
  pruneHourly(app, {
    ...{ name: 'inbox', required: false, failure: 'the inbox was not pruned' },
    prune: () => events.pruneInbox(retentionHours),
  });
}
