export { DeadLetterFolder } from './dead-letter-folder.ts';
export { develop, type Embed, type Embedded } from './develop.ts';
export { InProcessBus } from './in-process-bus.ts';
