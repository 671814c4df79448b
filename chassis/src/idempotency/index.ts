export { changeOnce, idempotencyHeaders } from './change-once.ts';
export { type IdempotencyConfig, idempotencyConfig } from './config.ts';
export { answersInMemory } from './in-memory.ts';
export {
  type Change,
  type KeptAnswers,
  type KeyedRequest,
  KeyInUseError,
  requireSame,
  type Transactions,
} from './kept-answers.ts';
