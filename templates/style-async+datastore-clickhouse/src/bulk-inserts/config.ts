import { bulkInsertsConfig } from 'service-chassis/clickhouse';

/** What handlers create goes into ClickHouse in large inserts: `BULK_INSERT_*`. Times are milliseconds. */
export default bulkInsertsConfig({ maxRows: 500, maxWait: 200 });
