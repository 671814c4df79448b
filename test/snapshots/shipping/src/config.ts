import type { ZodType } from 'zod';
import { importAll } from './import-all.ts';
import type { HttpConfig } from './http/config.ts';
import type { TelemetryConfig } from './telemetry/config.ts';

/** The typed configuration; a part adds its own key by declaration merging. */
export interface Config {
  readonly http: HttpConfig;
  readonly telemetry: TelemetryConfig;
}

/** How one part reads its variables: the default export of its `config.ts`. */
export interface ConfigPart {
  readonly key: keyof Config;
  readonly schema: ZodType;
}

/** Every variable that is missing or wrong, in one error. Values are not repeated: some are secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(faults: readonly string[]) {
    super(`The configuration is not valid:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/**
 * Reads the whole configuration from environment variables; an empty one counts as missing.
 *
 * @throws ConfigError naming every variable of every part that is missing or wrong.
 */
export async function loadConfig(environment: NodeJS.ProcessEnv): Promise<Config> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = (await importAll('*/**/config.ts', isConfigPart)).map(({ key, schema }) => ({
    key,
    result: schema.safeParse(given),
  }));
  const faults = parsed.flatMap(({ result }) => result.error?.issues ?? []);
  if (faults.length > 0) {
    throw new ConfigError(faults.map(({ path, message }) => `${path.join('.')}: ${message}`));
  }
  const config = Object.fromEntries(parsed.map(({ key, result }) => [key, result.data]));
  assertComplete(config);
  return config;
}

/** Each part has put its own key in, as `satisfies ConfigPart` and its schema promise. */
function assertComplete(config: object): asserts config is Config {
  for (const key of ['http', 'telemetry']) {
    if (!(key in config)) throw new Error(`src/${key}/config.ts is missing`);
  }
}

function isConfigPart(value: unknown): value is ConfigPart {
  return typeof value === 'object' && value !== null && 'key' in value && 'schema' in value;
}
