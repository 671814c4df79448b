export { coreConfig } from './core-config.ts';
export { type CoreConfig, createService, type ServiceSettings } from './create-service.ts';
export { findRoutes } from './find-routes.ts';
export { importAll } from './import-all.ts';
export { provide } from './provide.ts';
export { type Runnable, run } from './run.ts';
export { runScript } from './run-script.ts';
