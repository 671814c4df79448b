import type { core, ZodType } from 'zod';
import type { Budget } from './budget.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigParts } from './config-part.ts';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the whole configuration from environment variables; a blank one counts as missing.
 *
 * @param parts what reads it, by the key under which the configuration has it.
 * @throws ConfigError naming every variable of every part that is missing or wrong, and of limits that
 *   contradict each other both variables.
 */
export function readConfig<Config extends object>(
  parts: ConfigParts<Config>,
  environment: Environment,
): Config {
  const given = withoutBlank(environment);
  const parsed = keysOf(parts).map((key) => ({ key, result: parts[key].schema.safeParse(given) }));
  const faults = parsed.flatMap(({ result }) => result.error?.issues ?? []);
  if (faults.length > 0) throw new ConfigError(faults.map(inWords));
  const config = Object.fromEntries(parsed.map(({ key, result }) => [key, result.data]));
  assertHas(config, parts);
  const broken = budgetsOf(parts, config).filter(({ less, than }) => less[1] >= than[1]);
  if (broken.length > 0) throw new ConfigError(broken.map(contradiction));
  return config;
}

/** Returns how the limits of a configuration have to fit each other, as its parts state it. */
export function budgetsOf<Config extends object>(
  parts: ConfigParts<Config>,
  config: Config,
): readonly Budget[] {
  return keysOf(parts).flatMap((key) => parts[key].budgets?.(config, config[key]) ?? []);
}

/**
 * Reads one part's configuration, for a script that needs no other.
 *
 * @throws ConfigError naming every variable of that part that is missing or wrong.
 */
export function readPart<T>(
  { schema }: { readonly schema: ZodType<T> },
  environment: Environment,
): T {
  const { data, error } = schema.safeParse(withoutBlank(environment));
  if (error !== undefined) throw new ConfigError(error.issues.map(inWords));
  return data;
}

function keysOf<Config extends object>(parts: ConfigParts<Config>): (keyof Config & string)[] {
  const keys: (keyof Config & string)[] = [];
  for (const key in parts) keys.push(key);
  return keys;
}

/** Each part has put its own key in, with what its schema promises. */
function assertHas<Config extends object>(
  config: object,
  parts: ConfigParts<Config>,
): asserts config is Config {
  for (const key of keysOf(parts)) if (!(key in config)) throw new Error(`${key} is missing`);
}

function contradiction({ less, than, because }: Budget): string {
  return `${less[0]} (${less[1]}) must be less than ${than[0]} (${than[1]}): ${because}`;
}

function withoutBlank(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
}

function inWords({ path, message }: core.$ZodIssue): string {
  return `${path.join('.')}: ${message}`;
}
