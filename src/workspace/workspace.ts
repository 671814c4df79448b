import fs from 'node:fs';
import path from 'node:path';
import { isPackageManager, type PackageManager } from '../base/package-manager.ts';

/** A repository of several packages, and the folder that new services go to. */
export interface Workspace {
  readonly root: string;
  /** Relative to the root, with `/`: `services`, `packages`, `apps`, … */
  readonly servicesFolder: string;
  /** Whether what is in that folder is a member: one that shares the root's lockfile and settings. */
  readonly hasMembersThere: boolean;
  /** The package manager that it is installed with, as far as its root tells. */
  readonly packageManager?: PackageManager;
}

/**
 * Finds the workspace (npm, yarn, bun, pnpm, Nx, Turborepo) that a folder is in, if any. New services
 * go to `services/` when the workspace's globs cover it or it has none, else to the first folder
 * whose children are all members.
 */
export async function findWorkspace(folder: string): Promise<Workspace | undefined> {
  const globs = await globsOf(folder);
  if (globs !== undefined) {
    const members = membersFolderIn(globs);
    const packageManager = packageManagerOf(folder);
    return {
      root: folder,
      servicesFolder: members ?? 'services',
      hasMembersThere: members !== undefined,
      ...(packageManager === undefined ? {} : { packageManager }),
    };
  }
  const parent = path.dirname(folder);
  return parent === folder ? undefined : findWorkspace(parent);
}

/** The globs of a workspace's members; `undefined` when the folder is no workspace's root. */
export async function globsOf(folder: string): Promise<readonly string[] | undefined> {
  const pnpm = readIfThere(path.join(folder, 'pnpm-workspace.yaml'));
  if (pnpm !== undefined) {
    const { parse } = await import('yaml');
    const packages = packagesIn(parse(pnpm));
    // Without packages the file only holds the settings of one package.
    if (packages.length > 0) return packages;
  }
  const manifest = readIfThere(path.join(folder, 'package.json'));
  const workspaces = manifest === undefined ? undefined : workspacesIn(parseJson(manifest));
  if (workspaces !== undefined) return workspaces;
  const monorepo = ['nx.json', 'turbo.json'].some((name) => fs.existsSync(path.join(folder, name)));
  return monorepo ? [] : undefined;
}

/** `workspaces` is a list of globs, or an object that has the list as `packages`. */
function workspacesIn(manifest: unknown): readonly string[] | undefined {
  if (!isObject(manifest) || manifest.workspaces === undefined) return undefined;
  return Array.isArray(manifest.workspaces)
    ? texts(manifest.workspaces)
    : packagesIn(manifest.workspaces);
}

function packagesIn(value: unknown): readonly string[] {
  return isObject(value) && Array.isArray(value.packages) ? texts(value.packages) : [];
}

/** The folder for a new service whose children are members, if the globs name any. */
function membersFolderIn(globs: readonly string[]): string | undefined {
  const parents = globs.flatMap(
    (glob) => /^(?:\.\/)?([\w./-]+)\/\*{1,2}\/?$/.exec(glob)?.[1] ?? [],
  );
  const inside = parents.filter((parent) => !parent.split('/').includes('..'));
  if (inside.includes('services') || globs.some((glob) => /^\*{1,2}(\/\*)?$/.test(glob)))
    return 'services';
  return inside[0];
}

/** What package.json names, else whose lockfile is there. */
function packageManagerOf(root: string): PackageManager | undefined {
  const manifest = parseJson(readIfThere(path.join(root, 'package.json')) ?? '');
  const named = isObject(manifest) ? String(manifest.packageManager).split('@')[0] : undefined;
  if (named !== undefined && isPackageManager(named)) return named;
  return lockfiles.find(([file]) => fs.existsSync(path.join(root, file)))?.[1];
}

const lockfiles = [
  ['pnpm-workspace.yaml', 'pnpm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
] as const;

function readIfThere(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function texts(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string');
}
