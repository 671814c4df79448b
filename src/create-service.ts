import path from 'node:path';
import type { Answers } from './answers/choices.ts';
import { applyPlan } from './apply/apply.ts';
import { type PackageManager, startedBy } from './finish/package-manager.ts';
import { generatorVersion } from './package-info.ts';
import { packagedTemplates } from './plan/packaged-templates.ts';
import type { Plan, PlanContext } from './plan/plan.ts';
import { planService, type Templates } from './plan/service-plan.ts';
import { realFolder } from './workspace/real-folder.ts';
import { findWorkspace } from './workspace/workspace.ts';

/** Major version of Node that emitted services need. */
const serviceNode = 24;

/** Where a service goes. */
export interface Destination {
  /** Absolute path of the service's folder. */
  readonly folder: string;
  /** The workspace that it becomes a member of, if any. */
  readonly workspace?: string;
}

let packaged: Templates | undefined;

/** The context that this process gives to a plan: its Node, its package manager, this version. */
export function contextHere(packageManager: PackageManager = startedBy(process.env)): PlanContext {
  return {
    packageManager,
    bundleNode: Number(process.versions.node.split('.')[0]) < serviceNode,
    generatorVersion: generatorVersion(),
  };
}

/** Plans a service from the packaged templates. */
export function planFor(answers: Answers, context: PlanContext = contextHere()): Plan {
  packaged ??= packagedTemplates();
  return planService(answers, context, packaged);
}

/**
 * Decides where a service goes: `NAME` below the given folder, or below the services folder of the
 * workspace that this folder is in.
 *
 * @throws BadInputError when the folder is not there.
 */
export async function destinationOf(name: string, cwd: string): Promise<Destination> {
  const base = realFolder(cwd);
  const workspace = await findWorkspace(base);
  if (workspace === undefined) return { folder: path.join(base, name) };
  return {
    folder: path.join(workspace.root, workspace.servicesFolder, name),
    workspace: workspace.root,
  };
}

/** Plans and writes a service; installs nothing. The library's short way through. */
export async function createService(
  answers: Answers,
  options: { cwd: string; overwrite?: boolean; context?: PlanContext },
): Promise<Destination & { plan: Plan }> {
  const plan = planFor(answers, options.context);
  const destination = await destinationOf(answers.name, options.cwd);
  applyPlan(plan, { folder: destination.folder, overwrite: options.overwrite ?? false });
  return { ...destination, plan };
}
