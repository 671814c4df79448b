import { type CoreConfig, coreConfig, importAll } from 'service-chassis';
import { type ConfigPart as PartOf, isConfigPart, readConfig } from 'service-chassis/config';

/** The typed configuration; a part adds its own key by declaration merging. */
export interface Config extends CoreConfig {}

/** How one part reads its variables: the default export of its `config.ts`. */
export type ConfigPart = PartOf<Config>;

/**
 * Reads the whole configuration from environment variables; a blank one counts as missing.
 *
 * @throws ConfigError naming every variable of every part that is missing or wrong, and of limits that
 *   contradict each other both variables.
 */
export async function loadConfig(environment: NodeJS.ProcessEnv): Promise<Config> {
  const parts = await importAll(import.meta.dirname, '*/**/config.ts', isConfigPart<Config>);
  return readConfig([...coreConfig, ...parts], environment);
}
