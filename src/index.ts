/**
 * The library: `argv + prompts → answers → plan → apply`, each step callable by itself.
 * What is not exported here is internal.
 */
export { default } from '../generators/index.ts';
export { type Answers, type Choice, choices, type Option } from './answers/choices.ts';
export { answersSchema } from './answers/json-schema.ts';
export { type Names, namesOf } from './answers/naming.ts';
export { type ParsedAnswers, type ParseOptions, parseAnswers } from './answers/parse.ts';
export { type ApplyOptions, applyPlan } from './apply/apply.ts';
export {
  contextHere,
  createService,
  type Destination,
  destinationOf,
  planFor,
} from './create-service.ts';
export {
  BadInputError,
  CreateServiceError,
  InterruptedError,
  TargetConflictError,
  WriteFailedError,
} from './errors.ts';
export { type Comparison, compareWithDisk } from './plan/compare.ts';
export type { Fragment, Layer, LayerSource } from './plan/layers.ts';
export type { Plan, PlanContext, PlannedFile } from './plan/plan.ts';
export { planService, type Templates } from './plan/service-plan.ts';
