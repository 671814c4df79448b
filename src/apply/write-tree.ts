import fs from 'node:fs';
import type { PlannedFile } from '../plan/plan.ts';

/**
 * Writes files below a folder that is ours alone. Synchronous on purpose: some seventy small files
 * take a few milliseconds this way and several times that through the thread pool. Planned paths are
 * in normal form, so they are joined as they are: to normalise each takes as long as to write it.
 */
export function writeTree(folder: string, files: readonly PlannedFile[]): void {
  const made = new Set<string>();
  for (const { path, contents } of files) {
    const parent = `${folder}/${path.slice(0, Math.max(0, path.lastIndexOf('/')))}`;
    if (!made.has(parent)) {
      fs.mkdirSync(parent, { recursive: true });
      made.add(parent);
    }
    fs.writeFileSync(`${folder}/${path}`, contents, { flag: 'wx' });
  }
}
