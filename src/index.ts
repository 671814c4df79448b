/**
 * The library: `argv + prompts → answers → plan → apply`, each step callable by itself.
 * What is not exported here is internal.
 */
export { additions } from '../generators/additions.ts';
export type { AddedAnswers, Addition, Emission, Question, Surroundings } from './add/addition.ts';
export { type Answers, type Choice, choices, type Option } from './answers/choices.ts';
export { answersSchema } from './answers/json-schema.ts';
export { type Names, namesOf } from './answers/naming.ts';
export { type ParsedAnswers, type ParseOptions, parseAnswers } from './answers/parse.ts';
export { type ApplyOptions, applyPlan } from './apply/apply.ts';
export { applyChange } from './apply/apply-change.ts';
export {
  BadInputError,
  CreateServiceError,
  InterruptedError,
  type MergeConflict,
  MergeConflictError,
  TargetConflictError,
  WriteFailedError,
} from './base/errors.ts';
export {
  contextHere,
  createService,
  type Destination,
  destinationOf,
  planFor,
} from './create/create-service.ts';
export {
  type AdditionPlan,
  additionOf,
  addToService,
  applyAddition,
  gatherFor,
  planAddition,
  surroundingsOf,
} from './grow/add-to-service.ts';
export { planRemoval } from './grow/remove-from-service.ts';
export { type Comparison, compareWithDisk } from './plan/compare.ts';
export type { Fragment, Layer, LayerSource, Templates } from './plan/layers.ts';
export type { Plan, PlanContext, PlannedFile } from './plan/plan.ts';
export { type PlanOptions, planService } from './plan/service/service-plan.ts';
export { default } from './plop/plopfile.ts';
export type { Service } from './service/find-service.ts';
export type { ServiceManifest } from './service/manifest.ts';
export type { ServiceChange } from './service/service-change.ts';
export type { Tree } from './service/tree.ts';
