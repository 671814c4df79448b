import { sql } from 'kysely';
import {
  noteAttempts,
  noteInInbox,
  ownCommits,
  type RelationalDialect,
} from '../relational/index.ts';
import { Connections } from './connections.ts';
import { DatabaseFile } from './database-file.ts';
import { hoursAgo, noteAllInInbox } from './inbox.ts';
import { createHistory, inMigration, underMigrationLock } from './migration-session.ts';
import { appendToOutbox, inRelayTurn, outboxState } from './outbox.ts';
import { RelayLock } from './relay-lock.ts';

/** What is SQLite's own; all pools of one database share its file. */
export function sqliteDialect(path: string): RelationalDialect {
  const file = new DatabaseFile(path);
  const relayLock = new RelayLock(path);
  return {
    connect: (config) => new Connections(config, file),
    async requireWritable(kysely) {
      await sql`select count(*) from sqlite_schema`.execute(kysely);
      file.requireWritable();
    },
    migrations: { underLock: underMigrationLock, together: inMigration, createHistory },
    outbox: {
      tables: {},
      append: appendToOutbox,
      inRelayTurn: ({ kysely }, run) => inRelayTurn(kysely, relayLock, run),
      state: outboxState,
      wakeUps: ({ commits }, wake) => ownCommits(commits, wake),
    },
    inbox: { note: noteInInbox, noteAll: noteAllInInbox, noteAttempts, hoursAgo },
  };
}
