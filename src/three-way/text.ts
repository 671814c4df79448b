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
export function mergeText({ before, after, present }: ThreeTexts): string | undefined {
  if (!hasCarriageReturns(present)) return mergeLines(before, after, present);
  const merged = mergeLines(before, after, present.replaceAll('\r\n', '\n'));
  return merged?.replaceAll('\n', '\r\n');
}

/** Whether every line ends as on Windows (git may have made it so at checkout). */
function hasCarriageReturns(text: string): boolean {
  return text.includes('\r\n') && !/(^|[^\r])\n/.test(text);
}

function mergeLines(before: string, after: string, present: string): string | undefined {
  if (present === before) return after;
  const [mine, base, theirs] = [present, before, after].map((text) => text.split('\n'));
  if (mine === undefined || base === undefined || theirs === undefined) return undefined;
  const regions = diff3Merge(mine, base, theirs, { excludeFalseConflicts: true });
  const lines = regions.flatMap(({ ok }) => ok ?? []);
  return regions.some(({ conflict }) => conflict) ? undefined : lines.join('\n');
}
