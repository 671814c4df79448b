import { mongodbConfig } from 'service-chassis/mongodb';

/** The service's own database: `DATABASE_*`. Times are milliseconds. */
export default mongodbConfig({
  poolMax: 10,
  connectTimeout: 3000,
  statementTimeout: 8000,
  transactionTimeout: 20_000,
  slowQuery: 500,
});
