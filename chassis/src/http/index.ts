export { answers } from './answers.ts';
export type { HttpConfig } from './config.ts';
export { httpConfig } from './config.ts';
export { Connections } from './connections.ts';
export { CannotListenError, listen } from './listen.ts';
export { HttpError, type Problem, problemOf, problemSchema } from './problem.ts';
export { requestIdOf } from './request-id.ts';
export { serverOptions } from './server-options.ts';
export { type Failure, pauseSeconds, type StatingError, statedFailure } from './stated-failure.ts';
