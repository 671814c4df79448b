export { type DatabaseServer, databaseStandIn } from './database.ts';
export { freePort } from './free-port.ts';
export { endLeftBehind } from './left-behind.ts';
export { type LocalServer, startProgram } from './local-server.ts';
export { NoServerError } from './no-server-error.ts';
export { otherService, type ServiceStandIn } from './other-service.ts';
export { findPackage, packageUrl } from './package-url.ts';
export type { StandIn, StandIns, Substitute, Variables } from './stand-in.ts';
