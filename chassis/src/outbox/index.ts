export { outbox } from './command.ts';
export { type HeldBack, orderOf } from './held-back.ts';
export { type InboxConfig, inboxConfigOf } from './inbox-config.ts';
export type {
  OutboxState,
  OutboxStore,
  RefusedEvent,
  RelayTurn,
  WaitingEvent,
  WakeUps,
} from './outbox-store.ts';
export { type OutboxOptions, registerOutbox } from './register-outbox.ts';
