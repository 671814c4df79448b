import type { ZodType, z } from 'zod';
import type { Budget } from './budget.ts';

/**
 * How one part of a service reads its variables.
 *
 * @typeParam Whole what of the whole configuration its budgets compare.
 * @typeParam Value what the schema makes of the variables.
 */
export interface ConfigPart<Whole = never, Value = unknown> {
  readonly schema: ZodType<Value>;
  /** How limits of the part have to fit each other and those of other parts; `own` is what the part has read. */
  readonly budgets?: (config: Whole, own: Value) => readonly Budget[];
}

/** The parts of a configuration, by the key under which it has what they have read. */
export type ConfigParts<Config> = {
  readonly [Key in keyof Config]: ConfigPart<Config, Config[Key]>;
};

/** The configuration that parts make together. */
export type ConfigOf<Parts extends Readonly<Record<string, { readonly schema: ZodType }>>> = {
  readonly [Key in keyof Parts]: z.output<Parts[Key]['schema']>;
};
