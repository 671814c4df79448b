export { NamedError } from './named-error.ts';
export { sharedState } from './shared-state.ts';
