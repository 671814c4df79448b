import type { PackageManager } from '../base/package-manager.ts';

/** A line of what a package manager prints, as a person would read it. */
export function lineOf(manager: PackageManager, line: string): string {
  const entry = manager === 'yarn' ? yarnEntry(line) : undefined;
  return firstLine(entry?.data ?? line);
}

/** What went wrong, in the words of the package manager; `undefined` when it says nothing of an error. */
export function reasonIn(manager: PackageManager, output: string): string | undefined {
  const lines = output.split('\n');
  const told = manager === 'yarn' ? yarnErrors(lines) : [];
  const words = (told.length > 0 ? told : fromFirstError(lines)).slice(0, 5).join(' ');
  return words === '' ? undefined : words.replace(/\.$/, '');
}

/** The first line that says error, and those after it: some managers say there what to do. */
function fromFirstError(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => /\berror\b|ERR/i.test(line));
  if (first === -1) return [];
  return lines
    .slice(first)
    .map((line) => line.replace(decoration, '').trim())
    .filter((line) => !noise.test(line));
}

/** npm says in front of each line that it is one of an error, and pnpm draws a tree. */
const decoration = /^(npm (error|ERR!)( \d{3}(?= |$))?|[│├╰─▶×\s]+)/;
/** What the message says as well, and stacks of functions. */
const noise =
  /^[{}]?$|^(code|errno|syscall|address|port|type|requiredBy):? \S+$|^at |^A complete log/;

interface YarnEntry {
  readonly type: string;
  readonly data: string;
}

/** What Yarn says of errors. The summary at the end, which has no code of its own, says only that there were any. */
function yarnErrors(lines: readonly string[]): string[] {
  return lines
    .filter((line) => !line.includes('"YN0000"'))
    .map(yarnEntry)
    .filter((entry) => entry?.type === 'error')
    .map((entry) => firstLine(entry?.data ?? ''));
}

/** Only in JSON does Yarn say whether a line is about an error. */
function yarnEntry(line: string): YarnEntry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return isYarnEntry(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

function isYarnEntry(entry: unknown): entry is YarnEntry {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'type' in entry &&
    'data' in entry &&
    typeof entry.data === 'string'
  );
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
