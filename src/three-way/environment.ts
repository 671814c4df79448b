import type { ThreeTexts } from './text.ts';

/** Adds the variables that are new in `after` and that a person has not listed yet to an `.env.example`. */
export function mergeEnvironment({ before, after, present }: ThreeTexts): string {
  const known = new Set([...blocksOf(before).keys(), ...blocksOf(present).keys()]);
  const added = [...blocksOf(after)].filter(([name]) => !known.has(name));
  if (added.length === 0) return present;
  const lineEnd = present.includes('\r\n') ? '\r\n' : '\n';
  const text = added.map(([, block]) => block).join('\n\n');
  return `${present.trimEnd()}\n\n${text}\n`.replace(/\r?\n/g, lineEnd);
}

/** Each variable with its comment: `# meaning` and `NAME=example`, which may itself be commented out. */
function blocksOf(text: string): Map<string, string> {
  const blocks = new Map<string, string>();
  for (const block of text.split(/\r?\n\s*\r?\n/)) {
    for (const [, name] of block.matchAll(/^(?:#\s*)?([A-Z][A-Z0-9_]*)=/gm)) {
      if (name !== undefined) blocks.set(name, block.trim());
    }
  }
  return blocks;
}
