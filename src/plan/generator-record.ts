import type { PlanContext } from './plan.ts';

/** What `service.json` says of its making, enough to make the same again. */
export interface GeneratorRecord {
  readonly name: 'create-service';
  readonly version: string;
  readonly packageManager: string;
  readonly bundleNode: boolean;
}

/** What is recorded of a plan's context. */
export function recordOf({ generatorVersion, ...made }: PlanContext): GeneratorRecord {
  return { name: 'create-service', version: generatorVersion, ...made };
}
