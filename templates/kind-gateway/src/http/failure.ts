/** What an error means to the caller: what it says itself, as a gateway has no database whose errors cannot. */
export { statedFailure as failureOf } from './stated-failure.ts';
