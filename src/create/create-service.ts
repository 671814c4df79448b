import path from 'node:path';
import type { Answers } from '../answers/choices.ts';
import { applyPlan } from '../apply/apply.ts';
import { generatorVersion } from '../base/package-info.ts';
import {
  type FoundPackageManager,
  type PackageManager,
  startedBy,
} from '../base/package-manager.ts';
import type { Templates } from '../plan/layers.ts';
import { packagedTemplates } from '../plan/packaged-templates.ts';
import type { Plan, PlanContext } from '../plan/plan.ts';
import { planService } from '../plan/service/service-plan.ts';
import { realFolder } from '../workspace/real-folder.ts';
import { findWorkspace } from '../workspace/workspace.ts';

/** Major version of Node that emitted services need. */
const serviceNode = 24;

/** Where a service goes. */
export interface Destination {
  /** Absolute path of the service's folder. */
  readonly folder: string;
  /** Root of the workspace that it lies in, if any. */
  readonly workspace?: string;
  /** Its path from that root, with `/`, when the root's lockfile and settings are its own too. */
  readonly memberPath?: string;
  /** The package manager of that workspace, as far as it tells. */
  readonly packageManager?: PackageManager;
}

let packaged: Templates | undefined;

/** The context that this process and a destination give to a plan: Node, package manager, version. */
export function contextHere(
  destination?: Destination,
  { name, version }: FoundPackageManager = packageManagerFor(destination),
): PlanContext {
  return {
    packageManager: name,
    ...(version === undefined ? {} : { packageManagerVersion: version }),
    ...(destination?.memberPath === undefined ? {} : { workspacePath: destination.memberPath }),
    // Yarn cannot install Node: the install script of the package `node` looks for the `node` that it makes.
    bundleNode: nodeIsTooOld() && name !== 'yarn',
    generatorVersion,
  };
}

/** Whether services need a newer Node than this process runs on. */
export function nodeIsTooOld(): boolean {
  return Number(process.versions.node.split('.')[0]) < serviceNode;
}

/** The package manager of the workspace that a service goes to, else the one that started us. */
export function packageManagerFor(destination?: Destination): FoundPackageManager {
  const starter = startedBy(process.env);
  const name = destination?.packageManager ?? starter.name;
  return name === starter.name ? starter : { name };
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
  const { root, servicesFolder, hasMembersThere, packageManager } = workspace;
  return {
    folder: path.join(root, servicesFolder, name),
    workspace: root,
    ...(hasMembersThere ? { memberPath: path.posix.join(servicesFolder, name) } : {}),
    ...(packageManager === undefined ? {} : { packageManager }),
  };
}

/** Plans and writes a service; installs nothing. The library's short way through. */
export async function createService(
  answers: Answers,
  options: { cwd: string; overwrite?: boolean; context?: PlanContext },
): Promise<Destination & { plan: Plan }> {
  const destination = await destinationOf(answers.name, options.cwd);
  const plan = planFor(answers, options.context ?? contextHere(destination));
  applyPlan(plan, { folder: destination.folder, overwrite: options.overwrite ?? false });
  return { ...destination, plan };
}
