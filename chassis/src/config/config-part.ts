import type { ZodType } from 'zod';
import type { Budget } from './budget.ts';

/** How one part of a service reads its variables. */
export interface ConfigPart<Config extends object> {
  /** Under which the whole configuration has what the schema makes of the variables. */
  readonly key: keyof Config & string;
  readonly schema: ZodType;
  /** How limits of the part have to fit each other and those of other parts. */
  readonly budgets?: (config: Config) => readonly Budget[];
}

/** Whether what a file exports reads a part of the configuration. */
export function isConfigPart<Config extends object>(value: unknown): value is ConfigPart<Config> {
  return typeof value === 'object' && value !== null && 'key' in value && 'schema' in value;
}
