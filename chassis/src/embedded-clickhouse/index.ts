export { embeddedClickHouse } from './embedded-clickhouse.ts';
