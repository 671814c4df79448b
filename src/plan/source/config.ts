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
  const lines = [...parts.values()].map(({ name, comment, value }) => {
    const line = laidOut(`  ${name}: `, value, ',');
    return comment === undefined ? line : `  /** ${comment} */\n${line}`;
  });
  return `${imports}
/** What reads each part of the configuration; the variables are in \`.env.example\`. */
export const configParts = {
  ...coreConfig,
${lines.join('')}};

/** The typed configuration. */
export interface Config extends ConfigOf<typeof configParts> {}

/** @throws ConfigError naming every variable that is missing or wrong, or contradicts another. */
export async function loadConfig(environment: NodeJS.ProcessEnv): Promise<Config> {
  return readConfig<Config>(configParts, environment);
}
`;
}
