import { coreConfig } from 'service-chassis';
import { type ConfigOf, readConfig } from 'service-chassis/config';
import { eventsConfig } from 'service-chassis/events';
import { kafkaConfig } from 'service-chassis/kafka';

/** What reads each part of the configuration; the variables are in `.env.example`. */
export const configParts = {
  ...coreConfig,
  kafka: kafkaConfig,
  /** How many handlers run at once, and how many events are taken from the bus for each. */
  events: eventsConfig({ concurrency: 16, takenPerTurn: 16 }),
};

/** The typed configuration. */
export interface Config extends ConfigOf<typeof configParts> {}

/** @throws ConfigError naming every variable that is missing or wrong, or contradicts another. */
export async function loadConfig(environment: NodeJS.ProcessEnv): Promise<Config> {
  return readConfig<Config>(configParts, environment);
}
