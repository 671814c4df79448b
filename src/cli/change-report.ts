import path from 'node:path';
import { capitalised } from '../answers/naming.ts';
import { type PackageManager, runCommand } from '../base/package-manager.ts';
import { shellWord } from '../base/shell-word.ts';
import { compareWithDisk } from '../plan/compare.ts';
import type { Service } from '../service/find-service.ts';
import type { ServiceChange } from '../service/service-change.ts';
import type { Style } from './terminal.ts';
import { wrapped } from './wrapped.ts';

/**
 * What has changed, for a person; to be called before it has.
 *
 * @param folders of which not each file is listed.
 */
export function changeText(
  change: ServiceChange,
  style: Style,
  folders: readonly string[] = [],
): string {
  const { service, does } = change;
  const title = `${style.bold(service.manifest.name)} ${does} (in ${service.folder})`;
  return [`${style.green('✓')} ${title}`, ...changeLines(change, style, folders)].join('\n');
}

/** Which files change and what a person should know, line by line. */
export function changeLines(
  change: ServiceChange,
  style: Style,
  folders: readonly string[],
): readonly string[] {
  return [
    ...inFolders(filesOf(change), folders).map(
      ({ path, state }) => `  ${style.dim(state.padEnd(8))} ${path}`,
    ),
    ...notesText(change.notes, style),
  ];
}

/** Files in one of the folders are one line, with their number. */
function inFolders(files: ReturnType<typeof filesOf>, folders: readonly string[]) {
  const within = (file: string) => folders.find((folder) => file.startsWith(`${folder}/`));
  const counts = new Map<string, number>();
  for (const { path, state } of files) {
    const line = `${state} ${within(path)}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return files.flatMap(({ path, state }) => {
    const folder = within(path);
    if (folder === undefined) return [{ path, state }];
    const line = `${state} ${folder}`;
    const count = counts.get(line);
    counts.delete(line);
    const number = count === 1 ? '1 file' : `${count} files`;
    return count === undefined ? [] : [{ path: `${folder}/ (${number})`, state }];
  });
}

/** The same as data, for `--json`. */
export function changeJson(change: ServiceChange, { dryRun }: { dryRun: boolean }): object {
  const { service, does, notes } = change;
  return {
    ok: true,
    ...(dryRun ? { dryRun } : {}),
    name: service.manifest.name,
    does,
    folder: service.folder,
    files: filesOf(change),
    notes,
  };
}

function filesOf({ service, files, removed }: ServiceChange) {
  const written = compareWithDisk({ files }, service.folder).map(({ path, state }) => ({
    path,
    state,
  }));
  const gone = removed.map((path) => ({ path, state: 'removed' as const }));
  return [...written, ...gone].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What a person types next in a service that has changed. */
export function nextText(
  { folder }: Service,
  manager: PackageManager,
  { needsInstall }: { needsInstall: boolean },
): readonly string[] {
  const relative = path.relative(process.cwd(), folder);
  const isInside = /^(\.\.([\\/]|$))*$/.test(relative);
  return [
    ...(isInside ? [] : [`cd ${shellWord(relative)}`]),
    ...(needsInstall ? [`${manager} install`] : []),
    runCommand(manager, 'test'),
  ];
}

/** What a person should know, a paragraph each. */
export function notesText(notes: readonly string[], style: Style): readonly string[] {
  return notes.map((note) => {
    const sentence = `${capitalised(note)}.`;
    return wrapped(`${style.yellow('!')} ${sentence}`, style.columns);
  });
}
