import type { core, ZodType } from 'zod';
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
 * Reads the whole configuration from environment variables; a blank one counts as missing.
 *
 * @throws ConfigError naming every variable of every part that is missing or wrong.
 */
export async function loadConfig(environment: NodeJS.ProcessEnv): Promise<Config> {
  const given = withoutBlank(environment);
  const parsed = (await importAll('*/**/config.ts', isConfigPart)).map(({ key, schema }) => ({
    key,
    result: schema.safeParse(given),
  }));
  const faults = parsed.flatMap(({ result }) => result.error?.issues ?? []);
  if (faults.length > 0) throw new ConfigError(faults.map(inWords));
  const config = Object.fromEntries(parsed.map(({ key, result }) => [key, result.data]));
  assertComplete(config);
  return config;
}

/**
 * Reads one part's configuration, for a script that needs no other.
 *
 * @throws ConfigError naming every variable of that part that is missing or wrong.
 */
export function loadPart<T>(
  { schema }: { readonly schema: ZodType<T> },
  environment: NodeJS.ProcessEnv,
): T {
  const { data, error } = schema.safeParse(withoutBlank(environment));
  if (error !== undefined) throw new ConfigError(error.issues.map(inWords));
  return data;
}

function withoutBlank(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
}

function inWords({ path, message }: core.$ZodIssue): string {
  return `${path.join('.')}: ${message}`;
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
