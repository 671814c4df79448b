export { DeadLetterFolder } from './dead-letter-folder.ts';
export { InProcessBus } from './in-process-bus.ts';
