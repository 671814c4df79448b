export { importAll } from '../modules/index.ts';
export { coreConfig } from './core-config.ts';
export { type CoreConfig, createService, type ServiceSettings } from './create-service.ts';
export { findRoutes } from './find-routes.ts';
export { provide } from './provide.ts';
export { type Runnable, run } from './run.ts';
export { runScript } from './run-script.ts';
