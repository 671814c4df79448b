import fs from 'node:fs';
import path from 'node:path';
import { findWorkspace, globsOf } from './workspace.ts';

/** The folders that may hold services: those directly in a folder, and the members of its workspace. */
export async function membersOf(folder: string): Promise<readonly string[]> {
  const workspace = await findWorkspace(folder);
  if (workspace === undefined) return foldersIn(folder);
  const { root, servicesFolder } = workspace;
  const globs = [...((await globsOf(root)) ?? []), `${servicesFolder}/*`];
  const members = globs.flatMap((glob) => expand(root, glob.split('/')));
  return [...new Set([...foldersIn(folder), ...members])].sort();
}

/** Folders that match a glob of a workspace, in which `*` stands for a whole name. */
function expand(folder: string, [segment, ...rest]: readonly string[]): readonly string[] {
  if (segment === undefined) return [folder];
  if (segment === '' || segment === '.') return expand(folder, rest);
  const next = segment.includes('*') ? foldersIn(folder) : [path.join(folder, segment)];
  return next.flatMap((child) => expand(child, rest));
}

/** Without links and hidden ones; a folder that may not be listed has none. */
function foldersIn(folder: string): readonly string[] {
  try {
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
      .map(({ name }) => path.join(folder, name));
  } catch {
    return [];
  }
}
