import { clickhouseConfig } from 'service-chassis/clickhouse';

/** The service's own database: `DATABASE_*`. Times are milliseconds. */
export default clickhouseConfig({
  poolMax: 10,
  statementTimeout: 8000,
  transactionTimeout: 20_000,
  slowQuery: 500,
});
