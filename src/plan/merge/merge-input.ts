import type { Answers } from '../../answers/choices.ts';
import type { Fragment } from '../layers.ts';
import type { PlanContext } from '../plan.ts';

/** Everything that the merged files are made from. */
export interface MergeInput {
  readonly answers: Answers;
  readonly context: PlanContext;
  readonly fragments: readonly Fragment[];
  readonly catalogue: Readonly<Record<string, string>>;
  /** Sections of the README in order. */
  readonly sections: readonly string[];
  /** Sections of `docs/operation.md` in order. */
  readonly operation: readonly string[];
}
