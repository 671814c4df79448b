import { type ClickHouseConfig, clickhouseConfig } from '../../../src/clickhouse/index.ts';
import { type Environment, readPart } from '../../../src/config/index.ts';

const defaults = {
  poolMax: 10,
  statementTimeout: 8000,
  transactionTimeout: 20_000,
  slowQuery: 500,
};

/** How a database is found. */
export function configOf(environment: Environment): ClickHouseConfig {
  return readPart(clickhouseConfig(defaults), environment);
}
