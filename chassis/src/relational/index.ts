export { type MakeUnitOfWork, type RelationalDatabase, relationalDatabase } from './database.ts';
export type {
  Commits,
  ConnectionConfig,
  Connections,
  Executor,
  IsAmong,
  PoolState,
  RelationalDialect,
} from './dialect.ts';
export { eventsIn } from './events-datastore.ts';
export { Fence, UnawaitedStatementError } from './fence.ts';
export { inboxConfig, registerInbox } from './inbox.ts';
export { newAmong, noteAttempts, noteInInbox } from './inbox-by-conflict.ts';
export { answersIn } from './kept-answers.ts';
export { keptAwake } from './kept-awake.ts';
export { idleTransactionLimit } from './limits.ts';
export { checkSchema, migrate } from './migrations.ts';
export { outboxOf } from './outbox.ts';
export { noteWritten, ownCommits } from './own-commits.ts';
export { type PendingEvents, publisher } from './pending-events.ts';
export { type RelationalOptions, registerRelational } from './register-relational.ts';
export { relayTurn } from './relay-turn.ts';
export type { AnswerTables, EventTables, InboxTables, OutboxTables } from './tables.ts';
export { type ChassisTables, historyTable } from './tables.ts';
