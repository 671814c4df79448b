import fs from 'node:fs';
import path from 'node:path';
import type { PlannedFile } from '../plan/plan.ts';

/**
 * Writes files below a folder that is ours alone. Synchronous on purpose: some seventy small files
 * take a few milliseconds this way and several times that through the thread pool.
 */
export function writeTree(folder: string, files: readonly PlannedFile[]): void {
  const made = new Set<string>();
  for (const { path: relative, contents } of files) {
    const file = path.join(folder, relative);
    const parent = path.dirname(file);
    if (!made.has(parent)) {
      fs.mkdirSync(parent, { recursive: true });
      made.add(parent);
    }
    fs.writeFileSync(file, contents, { flag: 'wx' });
  }
}
