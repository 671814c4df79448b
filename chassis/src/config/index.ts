export type { Budget, Limit } from './budget.ts';
export { ConfigError } from './config-error.ts';
export { type ConfigPart, isConfigPart } from './config-part.ts';
export { type Environment, readConfig, readPart } from './read-config.ts';
