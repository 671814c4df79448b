export { RelationalDatabase } from './database.ts';
export type {
  ConnectionConfig,
  Connections,
  Executor,
  RelationalDialect,
} from './dialect.ts';
export { eventsIn } from './events-datastore.ts';
export { UnawaitedStatementError } from './fence.ts';
export { inboxConfig, registerInbox } from './inbox.ts';
export { answersIn } from './kept-answers.ts';
export { idleTransactionLimit } from './limits.ts';
export { checkSchema, migrate } from './migrations.ts';
export { outboxOf } from './outbox.ts';
export { type RelationalOptions, registerRelational } from './register-relational.ts';
export type { AnswerTables, EventTables, InboxTables, OutboxTables } from './tables.ts';
