import type { ConnectionOptions } from 'mysql2';
import { idleTransactionLimit } from '../relational/index.ts';
import type { DatabaseConfig } from '../store/index.ts';

const strict = [
  'STRICT_ALL_TABLES',
  'NO_ZERO_IN_DATE',
  'NO_ZERO_DATE',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ENGINE_SUBSTITUTION',
  'ONLY_FULL_GROUP_BY',
];
const longestWaitSeconds = 3600;

/** A connection that nobody has used for as long is closed, in milliseconds. */
export const idleMs = 20_000;

/** How a single connection is made. */
export function clientConfig(config: DatabaseConfig): ConnectionOptions {
  return {
    uri: config.url,
    connectTimeout: config.connectTimeout,
    charset: 'utf8mb4_bin',
    // Times go there and back as UTC, whatever the zone of the process or the server.
    timezone: 'Z',
    // 64 bits do not fit into a number, and MariaDB's JSON is text.
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    ...(config.tls === undefined
      ? {}
      : { ssl: { ...config.tls, rejectUnauthorized: true, verifyIdentity: true } }),
  };
}

/**
 * What each session is told first. The isolation is READ COMMITTED, not the server's REPEATABLE READ:
 * each statement sees what is committed, as it also does when it locks, and there are no gap locks,
 * over which unrelated inserts deadlock; lost updates are prevented by the aggregate's version.
 */
export function sessionStatements(config: DatabaseConfig): readonly string[] {
  const { statementTimeout } = config;
  const seconds = Math.ceil(statementTimeout / 1000);
  const idleSeconds = Math.ceil(idleTransactionLimit(config) / 1000);
  // The server drops what a client that was cut off has left open. Only MariaDB reads the first
  // comment; only MySQL, which limits nothing but reads and tells no transactions from idle connections,
  // the second.
  const ofMariadb = `max_statement_time = ${statementTimeout / 1000}, idle_transaction_timeout = ${idleSeconds}`;
  const longestIdleSeconds = idleMs / 1000 + (idleSeconds || longestWaitSeconds);
  const ofMysql = `max_execution_time = ${statementTimeout}, wait_timeout = ${longestIdleSeconds}`;
  return [
    'set session transaction isolation level read committed',
    `set /*M!100301 ${ofMariadb}, */ /*!50708 ${ofMysql}, */
      time_zone = '+00:00',
      sql_mode = '${strict.join()}',
      innodb_lock_wait_timeout = ${seconds || longestWaitSeconds}`,
  ];
}
