import { coreConfig } from 'service-chassis';
import { type ConfigOf, readConfig } from 'service-chassis/config';
import { kafkaConfig } from 'service-chassis/kafka';
import eventsConfig from './events/config.ts';

/** What reads each part of the configuration; the variables are in `.env.example`. */
export const configParts = {
  ...coreConfig,
  events: eventsConfig,
  kafka: kafkaConfig,
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
