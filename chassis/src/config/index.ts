export type { Budget, Limit } from './budget.ts';
export { ConfigError } from './config-error.ts';
export type { ConfigOf, ConfigPart, ConfigParts } from './config-part.ts';
export { budgetsOf, type Environment, readConfig, readPart } from './read-config.ts';
