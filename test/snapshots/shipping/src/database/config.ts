import { postgresConfig } from 'service-chassis/postgres';

/**
 * The service's own database, from `DATABASE_URL`, with TLS by `DATABASE_TLS` and `DATABASE_TLS_CA_FILE`.
 * Each limit can be set by its variable, `DATABASE_POOL_MAX` and so on; times are milliseconds.
 */
export default postgresConfig({
  poolMax: 10,
  connectTimeout: 3000,
  statementTimeout: 8000,
  transactionTimeout: 20_000,
  slowQuery: 500,
});
