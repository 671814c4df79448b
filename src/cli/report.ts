import type { PlannedFile } from '../plan/plan.ts';
import type { Style } from './terminal.ts';

/** The tree of what is or would be written, with sizes; folders first seen are shown once. */
export function treeText(files: readonly PlannedFile[], style: Style): string {
  const shown = new Set<string>();
  const lines: string[] = [];
  for (const { path, contents } of files) {
    const parts = path.split('/');
    parts.slice(0, -1).forEach((part, depth) => {
      const folder = parts.slice(0, depth + 1).join('/');
      if (!shown.has(folder)) lines.push(`${'  '.repeat(depth)}${part}/`);
      shown.add(folder);
    });
    const size = style.dim(` ${sizeText(Buffer.byteLength(contents))}`);
    lines.push(`${'  '.repeat(parts.length - 1)}${parts.at(-1)}${size}`);
  }
  return lines.join('\n');
}

/** `812 B`, `3.4 kB`. */
export function sizeText(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}
