import type { PlannedFile } from '../plan/plan.ts';
import type { Tree } from '../service/tree.ts';

/** A change of a file that a person may have changed too, or removed. */
export interface FileEdit {
  readonly path: string;
  /** The text with the change in it; `undefined` when the change does not fit. */
  edit(text: string): string | undefined | Promise<string | undefined>;
  /** What a person is told when the file is not there, or the change does not fit. */
  readonly otherwise: string;
}

/** Makes those changes that fit, one after the other, and says of the others what a person has to do. */
export async function madeEdits(
  edits: readonly FileEdit[],
  tree: Tree,
): Promise<{ files: readonly PlannedFile[]; notes: readonly string[] }> {
  const written = new Map<string, string>();
  const notes: string[] = [];
  for (const { path, edit, otherwise } of edits) {
    const text = written.get(path) ?? tree.read(path);
    const contents = text === undefined ? undefined : await edit(text);
    if (contents === undefined) notes.push(otherwise);
    else if (contents !== text) written.set(path, contents);
  }
  return { files: [...written].map(([path, contents]) => ({ path, contents })), notes };
}
