export type { Check } from './health/checks.ts';
export { type Health, health, type PartOptions, type Readiness } from './health/plugin.ts';
export { CannotStartError } from './health/start.ts';
export type { Stop } from './health/stops.ts';
export { coreConfig } from './service/core-config.ts';
export { type CoreConfig, createService, type ServiceSettings } from './service/create-service.ts';
export { importAll } from './service/import-all.ts';
export { registerParts } from './service/register-parts.ts';
export { type Runnable, run } from './service/run.ts';
