import { type JsonLayout, jsonText, layoutOf } from '../plan/merge/json.ts';
import { type Edit, structuralChange } from './structure.ts';
import type { ThreeTexts } from './text.ts';

/** A merged text, or what both have changed differently. */
export type Merged =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** Merges JSON by structure, and writes it as the present text is laid out. */
export function mergeJson(
  { before, after, present }: ThreeTexts,
  lists: JsonLayout['lists'],
): Merged {
  const value = parsed(present);
  if (value === undefined) return { ok: false, reason: 'it is no JSON' };
  const values = { before: JSON.parse(before), after: JSON.parse(after), present: value };
  const { edits, conflicts } = structuralChange(values);
  if (conflicts.length > 0)
    return { ok: false, reason: `you have changed ${conflicts.join(', ')}` };
  return { ok: true, text: edits.length === 0 ? present : editJson(present, edits, lists) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Puts values into a JSON text; all else keeps its order and the layout that the text has. */
export function editJson(text: string, edits: readonly Edit[], lists: JsonLayout['lists']): string {
  const root: unknown = JSON.parse(text);
  for (const edit of edits) put(root, edit.path, edit);
  return jsonText(root, layoutOf(text, lists));
}

function put(parent: unknown, [key, ...rest]: readonly string[], edit: Edit): void {
  if (key === undefined || typeof parent !== 'object' || parent === null) return;
  if (rest.length > 0) {
    if (!(key in parent)) Object.assign(parent, { [key]: {} });
    put(Object.getOwnPropertyDescriptor(parent, key)?.value, rest, edit);
  } else if (key in parent || edit.follows === undefined) {
    Object.assign(parent, { [key]: edit.value });
  } else {
    insertAfter(parent, edit.follows, key, edit.value);
  }
}

/** The order of an object's keys is the order in which they were put. */
function insertAfter(parent: object, follows: string, key: string, value: unknown): void {
  const entries = Object.entries(parent);
  const index = entries.findIndex(([name]) => name === follows);
  for (const [name] of entries) Reflect.deleteProperty(parent, name);
  const position = index < 0 ? entries.length : index + 1;
  Object.assign(parent, Object.fromEntries(entries.toSpliced(position, 0, [key, value])));
}
