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
  /** How limits of the part have to fit each other and those of other parts. */
  readonly budgets?: (config: Config) => readonly Budget[];
}

/** Two limits of which the first has to be less than the second; otherwise the service cannot work. */
export interface Budget {
  readonly less: Limit;
  readonly than: Limit;
  /** The rest of the sentence that refuses what contradicts it. */
  readonly because: string;
}

/** The variable that sets a limit, or the variables whose sum it is, and its value. */
export type Limit = readonly [variables: string, value: number];

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
 * @throws ConfigError naming every variable of every part that is missing or wrong, and of limits that
 *   contradict each other both variables.
 */
export async function loadConfig(environment: NodeJS.ProcessEnv): Promise<Config> {
  const given = withoutBlank(environment);
  const parts = await importAll('*/**/config.ts', isConfigPart);
  const parsed = parts.map(({ key, schema }) => ({ key, result: schema.safeParse(given) }));
  const faults = parsed.flatMap(({ result }) => result.error?.issues ?? []);
  if (faults.length > 0) throw new ConfigError(faults.map(inWords));
  const config = Object.fromEntries(parsed.map(({ key, result }) => [key, result.data]));
  assertComplete(config);
  const broken = budgetsOf(parts, config).filter(({ less, than }) => less[1] >= than[1]);
  if (broken.length > 0) throw new ConfigError(broken.map(contradiction));
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

function budgetsOf(parts: readonly ConfigPart[], config: Config): Budget[] {
  return parts.flatMap(({ budgets }) => budgets?.(config) ?? []);
}

function contradiction({ less, than, because }: Budget): string {
  return `${less[0]} (${less[1]}) must be less than ${than[0]} (${than[1]}): ${because}`;
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
