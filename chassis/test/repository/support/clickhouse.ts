import { afterAll, beforeAll } from 'vitest';
import { ClickHouseServer, clickhousePackages } from '../../../../test/support/clickhouse.ts';
import type { ClickHouseConfig } from '../../../src/clickhouse/index.ts';
import { configOf } from './clickhouse-config.ts';

/** Whether this machine has ClickHouse; tests that need it are skipped without `CREATE_SERVICE_CLICKHOUSE`. */
export const hasClickHouse = clickhousePackages !== undefined;

/** One server for the tests of a file. Returns what makes an empty database on it. */
export function sharedClickHouse(): () => Promise<ClickHouseConfig> {
  let server: ClickHouseServer | undefined;
  let count = 0;
  beforeAll(async () => {
    if (hasClickHouse) server = await ClickHouseServer.create();
  });
  afterAll(() => server?.dispose());
  return async () => {
    if (server === undefined) throw new Error('no server');
    count += 1;
    return configOf(await server.database(`test_${count}`));
  };
}
