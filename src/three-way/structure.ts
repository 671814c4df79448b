import { isDeepStrictEqual } from 'node:util';

/** One datum three times, as for texts. */
export interface ThreeValues {
  readonly before: unknown;
  readonly after: unknown;
  readonly present: unknown;
}

/** A value to put at a path of a structured file. */
export interface Edit {
  readonly path: readonly string[];
  readonly value: unknown;
  /** The key that a new one comes after, as in the generated file. */
  readonly follows?: string;
}

/** What must be done to the present datum, and the paths that a person has changed otherwise. */
export interface StructuralChange {
  readonly edits: readonly Edit[];
  readonly conflicts: readonly string[];
}

/**
 * Finds the edits that bring the change from `before` to `after` into data that a person may have
 * changed too. What the person took out stays out, and what they already have by themselves stays
 * theirs; a conflict is only what both changed differently.
 */
export function structuralChange(
  { before, after, present }: ThreeValues,
  path: readonly string[] = [],
): StructuralChange {
  if (isDeepStrictEqual(before, after) || isDeepStrictEqual(present, after)) return unchanged;
  if (isRecord(after) && isRecord(present) && (isRecord(before) || isFlat(after))) {
    return changeOfRecord({ before: isRecord(before) ? before : {}, after, present }, path);
  }
  if (before === undefined) return unchanged;
  if (isDeepStrictEqual(present, before)) return { edits: [{ path, value: after }], conflicts: [] };
  if (Array.isArray(before) && Array.isArray(after) && Array.isArray(present)) {
    const added = after.filter((item) => ![...before, ...present].includes(item));
    return { edits: [{ path, value: [...present, ...added] }], conflicts: [] };
  }
  return { edits: [], conflicts: [path.join('.')] };
}

const unchanged: StructuralChange = { edits: [], conflicts: [] };

function changeOfRecord(
  { before, after, present }: Readonly<Record<keyof ThreeValues, Record<string, unknown>>>,
  path: readonly string[],
): StructuralChange {
  const keys = Object.keys(after);
  const changes = keys.map((key, index): StructuralChange => {
    const place = [...path, key];
    if (key in present) {
      const values = { before: before[key], after: after[key], present: present[key] };
      return structuralChange(values, place);
    }
    if (key in before) return unchanged;
    const follows = keys
      .slice(0, index)
      .findLast((other) => other in present || !(other in before));
    const edit = { path: place, value: after[key], ...(follows === undefined ? {} : { follows }) };
    return { edits: [edit], conflicts: [] };
  });
  return {
    edits: changes.flatMap(({ edits }) => edits),
    conflicts: changes.flatMap(({ conflicts }) => conflicts),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of names with a plain value each, into which another's entries can be put. */
function isFlat(value: Record<string, unknown>): boolean {
  return Object.values(value).every((item) => typeof item !== 'object' || item === null);
}
