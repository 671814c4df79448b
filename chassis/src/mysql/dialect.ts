import { ownCommits, type RelationalDialect } from '../relational/index.ts';
import { Connections } from './connections.ts';
import { hoursAgo, noteAllInInbox, noteAttempts, noteInInbox } from './inbox.ts';
import { createHistory, inMigration, underMigrationLock } from './migration-session.ts';
import { appendToOutbox, inRelayTurn, outboxState } from './outbox.ts';
import { requireWritable } from './writable.ts';

/** What is MySQL or MariaDB's own. */
export const mysqlDialect: RelationalDialect = {
  connect: (config, onIdleError) => new Connections(config, onIdleError),
  requireWritable,
  migrations: { underLock: underMigrationLock, together: inMigration, createHistory },
  outbox: {
    // Whoever holds its only row relays.
    tables: { outbox_relay: ['id'] },
    append: appendToOutbox,
    inRelayTurn,
    state: outboxState,
    wakeUps: ({ commits }, wake) => ownCommits(commits, wake),
  },
  inbox: { note: noteInInbox, noteAll: noteAllInInbox, noteAttempts, hoursAgo },
};
