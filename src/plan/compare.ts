import fs from 'node:fs';
import path from 'node:path';
import type { Plan, PlannedFile } from './plan.ts';

/** A planned file beside what stands on disk. */
export interface Comparison extends PlannedFile {
  readonly state: 'new' | 'changed' | 'same';
  /** What stands there now, when something does. */
  readonly former?: string;
}

/** Says of each planned file whether it is new, would change, or stands there already as planned. */
export function compareWithDisk(plan: Pick<Plan, 'files'>, folder: string): readonly Comparison[] {
  return plan.files.map((file) => {
    const former = contentsOf(path.join(folder, file.path));
    if (former === undefined) return { ...file, state: 'new' };
    return { ...file, former, state: former === file.contents ? 'same' : 'changed' };
  });
}

function contentsOf(file: string): string | undefined {
  const stats = fs.lstatSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true ? fs.readFileSync(file, 'utf8') : undefined;
}
