import { type PackageManager, runPrefix } from '../base/package-manager.ts';
import { versionIn } from './catalogue.ts';
import type { PlanContext } from './plan.ts';

/** The layer conditions that follow from where a service is made, and with what. */
export function contextConditions({ packageManager, workspacePath }: PlanContext): string[] {
  const place = workspacePath === undefined ? 'standalone' : 'workspace-member';
  return [`package-manager-${packageManager}`, place];
}

/** The words by which templates say the same; placeholders.ts has those of the name. */
export function contextWords(
  context: PlanContext,
  catalogue: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    __package_manager__: context.packageManager,
    __package_manager_version__: versionOf(context, catalogue) ?? '',
    __run__: runPrefix(context.packageManager),
    __workspace_path__: context.workspacePath ?? '',
  };
}

/**
 * Where a version comes from when the machine's own is not known or too old, and the oldest major
 * version that understands what is emitted: Yarn 1 has no `workspaces focus`, pnpm 9 no settings in
 * `pnpm-workspace.yaml`. npm comes with Node.
 */
const released: Readonly<
  Record<PackageManager, { catalogue: string; oldest: number } | undefined>
> = {
  npm: undefined,
  pnpm: { catalogue: 'pnpm', oldest: 10 },
  yarn: { catalogue: '@yarnpkg/cli-dist', oldest: 4 },
  bun: { catalogue: 'bun', oldest: 1 },
};

/** The version that the image and CI name. */
function versionOf(
  { packageManager, packageManagerVersion }: PlanContext,
  catalogue: Readonly<Record<string, string>>,
): string | undefined {
  const release = released[packageManager];
  if (release === undefined) return undefined;
  const here = /^\d+\.\d+\.\d+$/.exec(packageManagerVersion ?? '')?.[0];
  return here !== undefined && Number.parseInt(here, 10) >= release.oldest
    ? here
    : versionIn(catalogue, release.catalogue);
}

/**
 * `packageManager` of package.json, by which Corepack finds Yarn. The others go without: it would make
 * pnpm fetch that very version, and write it into the lockfile. A member has its root's.
 */
export function packageManagerField(
  context: PlanContext,
  catalogue: Readonly<Record<string, string>>,
): Record<string, string> {
  if (context.packageManager !== 'yarn' || context.workspacePath !== undefined) return {};
  return { packageManager: `yarn@${versionOf(context, catalogue)}` };
}

/**
 * The fields of package.json that let packages run their install scripts. In a workspace only its
 * root decides, except with bun; pnpm reads `pnpm-workspace.yaml` instead.
 */
export function scriptPermissions(
  { packageManager, workspacePath }: PlanContext,
  permissions: Readonly<Record<string, boolean>>,
): Record<string, unknown> {
  const allowed = Object.keys(permissions).filter((name) => permissions[name] === true);
  if (packageManager === 'bun') return allowed.length > 0 ? { trustedDependencies: allowed } : {};
  if (workspacePath !== undefined || packageManager === 'pnpm') return {};
  if (packageManager === 'npm')
    return Object.keys(permissions).length > 0 ? { allowScripts: permissions } : {};
  return allowed.length > 0 ? { dependenciesMeta: each(allowed, { built: true }) } : {};
}

/** An object that holds the same for each name. */
export function each<T>(names: readonly string[], value: T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, value]));
}
