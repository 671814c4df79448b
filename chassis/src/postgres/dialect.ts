import { noteAttempts, noteInInbox, type RelationalDialect } from '../relational/index.ts';
import { Connections } from './connections.ts';
import { hoursAgo, noteAllInInbox } from './inbox.ts';
import { createHistory, inMigration, underMigrationLock } from './migration-session.ts';
import { appendToOutbox, inRelayTurn, outboxState } from './outbox.ts';
import { Notifications } from './wake-ups.ts';
import { requireWritable } from './writable.ts';

/** What is PostgreSQL's own. */
export const postgresDialect: RelationalDialect = {
  connect: (config, onIdleError) => new Connections(config, onIdleError),
  requireWritable,
  migrations: { underLock: underMigrationLock, together: inMigration, createHistory },
  outbox: {
    tables: {},
    append: appendToOutbox,
    inRelayTurn,
    state: outboxState,
    wakeUps: ({ config }, wake) => new Notifications(config, wake),
  },
  inbox: { note: noteInInbox, noteAll: noteAllInInbox, noteAttempts, hoursAgo },
};
