import { coreConfig } from 'service-chassis';
import { type ConfigOf, readConfig } from 'service-chassis/config';
import { eventsConfig } from 'service-chassis/events';
import { idempotencyConfig } from 'service-chassis/idempotency';
import { kafkaConfig } from 'service-chassis/kafka';
import { postgresConfig } from 'service-chassis/postgres';
import { inboxConfig } from 'service-chassis/relational';

/** What reads each part of the configuration; the variables are in `.env.example`. */
export const configParts = {
  ...coreConfig,
  idempotency: idempotencyConfig,
  /** The service's own database, from `DATABASE_URL`; each limit has its variable. Times in ms. */
  database: postgresConfig({
    poolMax: 10,
    connectTimeout: 3000,
    statementTimeout: 8000,
    transactionTimeout: 20_000,
    slowQuery: 500,
  }),
  kafka: kafkaConfig,
  /** How many handlers run at once, each on a connection, and how many events are taken for each. */
  events: eventsConfig({ concurrency: 8, takenPerTurn: 32 }),
  inbox: inboxConfig,
};

/** The typed configuration. */
export interface Config extends ConfigOf<typeof configParts> {}

/** @throws ConfigError naming every variable that is missing or wrong, or contradicts another. */
export async function loadConfig(environment: NodeJS.ProcessEnv): Promise<Config> {
  return readConfig<Config>(configParts, environment);
}
