export type { Budget, Limit } from './budget.ts';
export { ConfigError } from './config-error.ts';
export type { ConfigOf, ConfigPart, ConfigParts } from './config-part.ts';
export { budgetsOf, type Environment, readConfig, readPart } from './read-config.ts';
export { secretFile } from './secret-file.ts';
export { pemFile, type TlsFiles, tlsFiles } from './tls-files.ts';
