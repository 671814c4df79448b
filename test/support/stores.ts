import { FerretServer, ferretProgram } from './ferretdb.ts';
import { PostgresServer } from './postgres.ts';

/** A real datastore's server that can be stopped (as by SIGKILL) and started again at the same address. */
export interface StoreServer {
  readonly port: number;
  /** Makes an empty database, and returns what a service needs to find it. */
  database(name: string): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
  start(): Promise<void>;
  dispose(): Promise<void>;
}

/** How tests come to each datastore's real server: every value of the choice `datastore` but `none` has one. */
export const storeServers: Readonly<
  Record<string, { readonly available: boolean; create(): Promise<StoreServer> }>
> = {
  mongodb: { available: ferretProgram !== undefined, create: () => FerretServer.create() },
  postgres: { available: true, create: () => PostgresServer.create() },
};
