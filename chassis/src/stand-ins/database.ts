import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { LocalServer } from './local-server.ts';
import type { StandIn, Variables } from './stand-in.ts';

/** One kind of database server, as development and tests need it. */
export interface DatabaseServer {
  /** Names the folder in which its data lie. */
  readonly kind: string;
  /** The variable that names a server, when it is not that of the database itself. */
  readonly serverVariable?: string;
  /** Starts one on a folder, with what was there before. @throws NoServerError */
  start(folder: string, environment: NodeJS.ProcessEnv): Promise<LocalServer>;
  /** Makes a database of a server, unless it is there. Returns its URL. */
  create(server: string, database: string): Promise<string>;
  /** Drops a database of a server, whoever is connected to it. */
  drop(server: string, database: string): Promise<void>;
  /** What a service under test is configured by besides. */
  readonly testVariables?: Variables;
}

const databaseVariable = 'DATABASE_URL';

/**
 * A database in the place of the one that `DATABASE_URL` names: one that is kept for `dev`; on one server
 * for a run of tests, another for each test, which is dropped with it.
 *
 * @param name of the database of `dev`.
 */
export function databaseStandIn(name: string, server: DatabaseServer): StandIn {
  const { serverVariable = databaseVariable } = server;
  return {
    async develop(environment, data) {
      if (environment[databaseVariable]) return undefined;
      const given = environment[serverVariable];
      const { url, stop } = given
        ? { url: given, stop: undefined }
        : await server.start(path.join(data, server.kind), environment);
      const database = await server.create(url, name);
      return { environment: { [databaseVariable]: database }, ...(stop ? { stop } : {}) };
    },
    async share(environment) {
      const given = environment[serverVariable] || environment[databaseVariable];
      if (given) return { environment: { [serverVariable]: given } };
      const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'service-test-'));
      // The server may be another user, who must be able to go through.
      await fs.chmod(folder, 0o755);
      const { url, stop } = await server.start(path.join(folder, server.kind), environment);
      return {
        environment: { [serverVariable]: url },
        async stop() {
          await stop();
          await fs.rm(folder, { recursive: true, force: true });
        },
      };
    },
    async isolate(environment) {
      const database = `test_${randomBytes(6).toString('hex')}`;
      const shared = environment[serverVariable] ?? '';
      const url = await server.create(shared, database);
      return {
        environment: { ...server.testVariables, [databaseVariable]: url },
        stop: () => server.drop(shared, database),
      };
    },
  };
}
