import { afterAll, beforeAll } from 'vitest';
import { FerretServer, ferretProgram } from '../../../../test/support/ferretdb.ts';
import { type Environment, readPart } from '../../../src/config/index.ts';
import { type MongoConfig, mongodbConfig } from '../../../src/mongodb/index.ts';

/** Whether this machine has a MongoDB; tests that need it are skipped without `CREATE_SERVICE_FERRETDB`. */
export const hasMongo = ferretProgram !== undefined;

const defaults = {
  poolMax: 10,
  connectTimeout: 20_000,
  statementTimeout: 8000,
  transactionTimeout: 20_000,
  slowQuery: 500,
};

/** How a database is found. */
export function configOf(environment: Environment): MongoConfig {
  return readPart(mongodbConfig(defaults), environment);
}

/** One server for the tests of a file. Returns what names an empty database on it. */
export function sharedMongo(): () => Promise<MongoConfig> {
  let server: FerretServer | undefined;
  let count = 0;
  beforeAll(async () => {
    if (hasMongo) server = await FerretServer.create();
  });
  afterAll(() => server?.dispose());
  return async () => {
    if (server === undefined) throw new Error('no server');
    count += 1;
    return configOf(await server.database(`test_${count}`));
  };
}
