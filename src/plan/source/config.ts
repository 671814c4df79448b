import type { Composition } from '../layers.ts';
import { importStatements } from './imports.ts';
import { laidOut } from './layout.ts';

/** `src/config.ts`: what the service is configured by, one part a line. */
export function configSource(compositions: readonly Composition[]): string {
  const parts = new Map(
    compositions.flatMap(({ config = [] }) => config).map((part) => [part.name, part]),
  );
  const imports = importStatements([
    "{ coreConfig } from 'service-chassis'",
    "{ type ConfigOf, readConfig } from 'service-chassis/config'",
    ...[...parts.values()].flatMap(({ imports = [] }) => imports),
  ]);
  const lines = [...parts.values()].map(({ name, value }) => laidOut(`  ${name}: `, value, ','));
  return `${imports}
/** What reads each part of the configuration; the variables are in \`.env.example\`. */
export const configParts = {
  ...coreConfig,
${lines.join('')}};

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
`;
}
