import { diff3Merge } from 'node-diff3';

/** One file three times: as it was generated, as it would be generated now, and as it stands on disk. */
export interface ThreeTexts {
  readonly before: string;
  readonly after: string;
  readonly present: string;
}

/**
 * Brings the change from `before` to `after` into a text that a person may have changed too (diff3,
 * by lines). What the person wrote stays to the byte, line ends included.
 *
 * @returns `undefined` when both changed the same lines.
 */
export function mergeText(texts: ThreeTexts): string | undefined {
  return merged(texts, () => undefined);
}

/**
 * The same for a file that is a list of statements, one a line: where one side has only added lines, they
 * stand beside what the other has made of the lines around.
 */
export function mergeStatements(texts: ThreeTexts): string | undefined {
  return merged(texts, besideEachOther);
}

/** Lines of a place that both have changed. */
interface Conflict {
  readonly mine: readonly string[];
  readonly base: readonly string[];
  readonly theirs: readonly string[];
}

type Settle = (conflict: Conflict) => readonly string[] | undefined;

function merged({ before, after, present }: ThreeTexts, settle: Settle): string | undefined {
  if (!hasCarriageReturns(present)) return mergeLines({ before, after, present }, settle);
  const lines = mergeLines({ before, after, present: present.replaceAll('\r\n', '\n') }, settle);
  return lines?.replaceAll('\n', '\r\n');
}

/** Whether every line ends as on Windows (git may have made it so at checkout). */
function hasCarriageReturns(text: string): boolean {
  return text.includes('\r\n') && !/(^|[^\r])\n/.test(text);
}

function mergeLines({ before, after, present }: ThreeTexts, settle: Settle): string | undefined {
  if (present === before) return after;
  const [mine, base, theirs] = [present, before, after].map((text) => text.split('\n'));
  if (mine === undefined || base === undefined || theirs === undefined) return undefined;
  const regions = diff3Merge(mine, base, theirs, { excludeFalseConflicts: true });
  const settled = regions.map(({ ok, conflict }) =>
    conflict === undefined
      ? (ok ?? [])
      : settle({ mine: conflict.a, base: conflict.o, theirs: conflict.b }),
  );
  if (settled.includes(undefined)) return undefined;
  return settled.flatMap((lines) => lines ?? []).join('\n');
}

function besideEachOther({ mine, base, theirs }: Conflict): readonly string[] | undefined {
  const added = addedTo(base, theirs);
  if (added !== undefined) return [...added.above, ...mine, ...added.below];
  const own = addedTo(base, mine);
  return own === undefined ? undefined : [...own.above, ...theirs, ...own.below];
}

/** What stands above and below some lines that are still there; `undefined` when they are not. */
function addedTo(
  base: readonly string[],
  lines: readonly string[],
): { above: readonly string[]; below: readonly string[] } | undefined {
  for (let start = lines.length - base.length; start >= 0; start -= 1) {
    if (base.every((line, index) => line === lines[start + index]))
      return { above: lines.slice(0, start), below: lines.slice(start + base.length) };
  }
  return undefined;
}
