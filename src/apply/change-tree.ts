import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { TargetConflictError } from '../base/errors.ts';
import { packageFolder } from '../base/package-info.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { examine, parentsOf } from './examine.ts';
import { closeJournal, journalFolderIn, openJournal, otherJournals, undo } from './journal.ts';
import { writeTree } from './write-tree.ts';

/** What becomes of a folder that is there. */
export interface TreeChange {
  readonly files: readonly PlannedFile[];
  /** Paths of files that go, and with them the folders that are empty then. */
  readonly removed?: readonly string[];
}

/**
 * Writes files into a folder that a person already has, replacing those of the same path, and removes
 * others. The new files are staged and the old ones kept beside a journal until all are in place; an
 * error undoes the change here, a kill has it undone by a watchdog process, and failing that by the
 * next run.
 */
export function changeTree(
  target: string,
  { files, removed = [] }: TreeChange,
  former?: FormerContents,
): void {
  const folder = journalFolderIn(target);
  const watchdog = guard(folder);
  try {
    // The journal is there before others' are looked for: of two runs at once, one sees the other.
    fs.mkdirSync(folder, { mode: 0o700 });
    recoverFormerRuns(target);
    const touched = [...files.map((file) => file.path), ...removed];
    if (former !== undefined) refuseStale(target, touched, former);
    const changed = files.filter(({ path: relative, contents }) =>
      differs(path.join(target, relative), contents),
    );
    const change = examine(target, changed);
    const gone = examine(
      target,
      removed.map((relative) => ({ path: relative })),
    ).replaced;
    writeTree(path.join(folder, 'new'), changed);
    keepOld(target, folder, change.replaced);
    keepOld(target, folder, gone);
    for (const relative of change.replaced) keepMode(target, folder, relative);
    openJournal(folder, { ...change, replaced: [...change.replaced, ...gone] });
    for (const relative of change.folders) fs.mkdirSync(path.join(target, relative));
    for (const { path: relative } of changed) {
      fs.renameSync(path.join(folder, 'new', relative), path.join(target, relative));
    }
    for (const relative of gone) removeFile(target, relative);
    closeJournal(folder);
  } catch (error) {
    undo(folder);
    throw error;
  } finally {
    watchdog.release();
  }
}

/**
 * Undoes what killed runs have left unfinished in a folder.
 *
 * @throws TargetConflictError when another run is writing there now.
 */
export function recoverFormerRuns(target: string): void {
  for (const { folder, alive } of otherJournals(target)) {
    if (alive) {
      throw new TargetConflictError(
        `Another create-service is writing into ${target}.`,
        'wait for it to end',
      );
    }
    undo(folder);
  }
}

/** What each file held when the plan was made; `undefined` where none was. */
export type FormerContents = (path: string) => string | undefined;

/** A plan that was made from files must find them as they were, or it would undo what came between. */
function refuseStale(target: string, paths: readonly string[], former: FormerContents): void {
  const stale = paths.find((relative) => {
    const known = former(relative);
    const file = path.join(target, relative);
    return known === undefined ? fs.existsSync(file) : differs(file, known);
  });
  if (stale === undefined) return;
  throw new TargetConflictError(
    `${stale} has changed while this ran, and nothing was written.`,
    'run the same command again',
  );
}

function differs(file: string, contents: string): boolean {
  const stats = fs.lstatSync(file, { throwIfNoEntry: false });
  return !stats?.isFile() || fs.readFileSync(file, 'utf8') !== contents;
}

function keepOld(target: string, folder: string, replaced: readonly string[]): void {
  for (const relative of replaced) {
    const original = path.join(target, relative);
    const backup = path.join(folder, 'old', relative);
    fs.mkdirSync(path.dirname(backup), { recursive: true });
    // A copy, not a hard link: renaming one hard link over another does nothing (POSIX rename).
    fs.copyFileSync(original, backup);
    const { mode, atime, mtime } = fs.statSync(original);
    fs.chmodSync(backup, mode);
    fs.utimesSync(backup, atime, mtime);
  }
}

function keepMode(target: string, folder: string, relative: string): void {
  const { mode } = fs.statSync(path.join(target, relative));
  fs.chmodSync(path.join(folder, 'new', relative), mode);
}

/** Removes a file, and the folders that it was the last in. */
function removeFile(target: string, relative: string): void {
  fs.rmSync(path.join(target, relative));
  for (const parent of parentsOf(relative).reverse()) {
    if (fs.readdirSync(path.join(target, parent)).length > 0) return;
    fs.rmdirSync(path.join(target, parent));
  }
}

/** A process of our own program that undoes the change when this one dies before it says done. */
function guard(folder: string): { release(): void } {
  const watchdog = spawn(process.execPath, [path.join(packageFolder, 'dist/undo.js'), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: path.parse(folder).root,
  });
  watchdog.on('error', () => undefined);
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  return { release: () => void watchdog.stdin.end('done\n') };
}
