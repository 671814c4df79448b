import fs from 'node:fs';
import path from 'node:path';

/** What a change to an existing folder is about to do, so that it can be undone by whoever finds it. */
interface Journal {
  /** Files that did not exist before. */
  readonly created: readonly string[];
  /** Files that were replaced or removed; their former contents lie under `old/`. */
  readonly replaced: readonly string[];
  /** Folders that did not exist before, outermost first. */
  readonly folders: readonly string[];
}

const prefix = '.create-service-';
const fileName = 'journal.json';

/** A name for this process's journal folder; the process id tells a later run whether we still live. */
export function journalFolderIn(target: string): string {
  return path.join(target, `${prefix}${process.pid}-${Math.random().toString(36).slice(2, 10)}`);
}

/** Journal folders of other runs in a target, and whether their process is still alive. */
export function otherJournals(target: string): readonly { folder: string; alive: boolean }[] {
  return fs
    .readdirSync(target)
    .map((name) => ({ name, pid: Number(/^\.create-service-(\d+)-/.exec(name)?.[1]) }))
    .filter(({ pid }) => pid > 0 && pid !== process.pid)
    .map(({ name, pid }) => ({ folder: path.join(target, name), alive: isAlive(pid) }));
}

/** Declares the change; from here until `closeJournal`, finding this folder means: undo. */
export function openJournal(folder: string, journal: Journal): void {
  const draft = path.join(folder, 'draft.json');
  fs.writeFileSync(draft, JSON.stringify(journal));
  fs.renameSync(draft, path.join(folder, fileName));
}

/** Declares the change complete, in one rename, and clears up. */
export function closeJournal(folder: string): void {
  fs.renameSync(path.join(folder, fileName), path.join(folder, 'done.json'));
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Puts back what was there before an unfinished change. Safe to run again when itself interrupted. */
export function undo(folder: string): void {
  const target = path.dirname(folder);
  const file = path.join(folder, fileName);
  if (fs.existsSync(file)) {
    const journal: Journal = JSON.parse(fs.readFileSync(file, 'utf8'));
    for (const relative of journal.replaced) {
      const backup = path.join(folder, 'old', relative);
      if (!fs.existsSync(backup)) continue;
      // A file that was removed may have taken its folder along.
      fs.mkdirSync(path.dirname(path.join(target, relative)), { recursive: true });
      fs.renameSync(backup, path.join(target, relative));
    }
    for (const relative of journal.created) fs.rmSync(path.join(target, relative), { force: true });
    for (const relative of [...journal.folders].reverse())
      removeIfEmpty(path.join(target, relative));
  }
  fs.rmSync(folder, { recursive: true, force: true });
}

function removeIfEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch {
    // A person has put something into it meanwhile, or it was never made: either way it stays so.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
