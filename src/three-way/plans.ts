import type { MergeConflict } from '../base/errors.ts';
import type { Plan, PlannedFile } from '../plan/plan.ts';
import type { Tree } from '../service/tree.ts';
import { mergeEnvironment } from './environment.ts';
import { type Merged, mergeJson } from './json.ts';
import { mergeStatements, mergeText, type ThreeTexts } from './text.ts';
import { mergeYaml } from './yaml.ts';

/** What brings a tree from one plan to another. */
export interface PlanMerge {
  readonly files: readonly PlannedFile[];
  readonly conflicts: readonly MergeConflict[];
  /** What was left alone, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Brings the difference of two plans into a tree that was made from the first and has lived since:
 * untouched files are replaced, new ones added, changed ones merged. Prose that cannot be merged, and
 * what a person has removed, is left alone; code that cannot be merged is a conflict.
 */
export function mergePlans(
  before: Pick<Plan, 'files'>,
  after: Pick<Plan, 'files'>,
  tree: Tree,
): PlanMerge {
  const former = new Map(before.files.map((file) => [file.path, file.contents]));
  const results = after.files
    .filter((file) => former.get(file.path) !== file.contents)
    .map((file) => mergeFile(file, former.get(file.path), tree.read(file.path)));
  return {
    files: results.flatMap(({ file }) => file ?? []),
    conflicts: results.flatMap(({ conflict }) => conflict ?? []),
    notes: results.flatMap(({ note }) => note ?? []),
  };
}

interface FileMerge {
  readonly file?: PlannedFile;
  readonly conflict?: MergeConflict;
  readonly note?: string;
}

function mergeFile(
  { path, contents }: PlannedFile,
  before: string | undefined,
  present: string | undefined,
): FileMerge {
  const conflict = (reason: string): FileMerge => ({
    conflict: { path, reason, before: before ?? '', after: contents },
  });
  if (present === contents) return {};
  if (present !== undefined && present === before) return { file: { path, contents } };
  if (before === undefined) {
    return present === undefined
      ? { file: { path, contents } }
      : conflict('a file of yours is in its place');
  }
  if (present === undefined) {
    return isOptional(path)
      ? { note: `${path} is not there, so it was left alone` }
      : conflict('it is gone, and it is needed');
  }
  const merged = mergeTexts(path, { before, after: contents, present });
  if (merged.ok) return merged.text === present ? {} : { file: { path, contents: merged.text } };
  return path.endsWith('.md')
    ? { note: `${path} was left alone, because ${merged.reason}` }
    : conflict(merged.reason);
}

/** What a service runs without: a person may well have removed it. */
function isOptional(path: string): boolean {
  return /\.md$|\.ya?ml$|^\.env\.example$|^test\//.test(path);
}

/** Where what is added is a line beside others. */
function isStatements(path: string): boolean {
  return path === 'src/service.ts' || path === 'src/config.ts';
}

function mergeTexts(path: string, texts: ThreeTexts): Merged {
  if (path === 'package.json') return mergeJson(texts, 'open');
  if (path.endsWith('.json')) return mergeJson(texts, 'fitted');
  if (/\.ya?ml$/.test(path)) return mergeYaml(texts);
  if (path === '.env.example') return { ok: true, text: mergeEnvironment(texts) };
  const text = isStatements(path) ? mergeStatements(texts) : mergeText(texts);
  return text === undefined
    ? { ok: false, reason: 'you have changed the same lines' }
    : { ok: true, text };
}
