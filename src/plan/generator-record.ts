import { isPackageManager } from '../base/package-manager.ts';
import type { PlanContext } from './plan.ts';

/** What `service.json` says of its making, enough to make the same again. */
export interface GeneratorRecord {
  readonly name: 'create-service';
  readonly version: string;
  readonly packageManager: string;
  readonly packageManagerVersion?: string;
  readonly workspacePath?: string;
  readonly bundleNode: boolean;
}

/** What is recorded of a plan's context. */
export function recordOf({ generatorVersion, ...made }: PlanContext): GeneratorRecord {
  return { name: 'create-service', version: generatorVersion, ...made };
}

/** The context of a plan from its record; `undefined` when the record is not complete. */
export function contextFrom(record: Readonly<Record<string, unknown>>): PlanContext | undefined {
  const { name, version, packageManager, bundleNode } = record;
  const { packageManagerVersion, workspacePath } = record;
  if (name !== 'create-service' || typeof version !== 'string') return undefined;
  if (typeof packageManager !== 'string' || !isPackageManager(packageManager)) return undefined;
  if (typeof bundleNode !== 'boolean') return undefined;
  return {
    generatorVersion: version,
    packageManager,
    bundleNode,
    ...(typeof packageManagerVersion === 'string' ? { packageManagerVersion } : {}),
    ...(typeof workspacePath === 'string' ? { workspacePath } : {}),
  };
}
