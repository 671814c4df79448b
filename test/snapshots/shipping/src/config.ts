import { coreConfig } from 'service-chassis';
import { type ConfigOf, readConfig } from 'service-chassis/config';
import { kafkaConfig } from 'service-chassis/kafka';
import { inboxConfig } from 'service-chassis/relational';
import databaseConfig from './database/config.ts';
import eventsConfig from './events/config.ts';
import idempotencyConfig from './idempotency/config.ts';

/** What reads each part of the configuration; the variables are in `.env.example`. */
export const configParts = {
  ...coreConfig,
  idempotency: idempotencyConfig,
  events: eventsConfig,
  database: databaseConfig,
  kafka: kafkaConfig,
  inbox: inboxConfig,
};

/** The typed configuration. */
export interface Config extends ConfigOf<typeof configParts> {}

/**
 * Reads the whole configuration from environment variables; a blank one counts as missing.
 *
 * @throws ConfigError naming every variable of every part that is missing or wrong, and of limits that
 *   contradict each other both variables.
 */
export async function loadConfig(environment: NodeJS.ProcessEnv): Promise<Config> {
  return readConfig<Config>(configParts, environment);
}
