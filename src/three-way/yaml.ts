import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, type Pair, parseDocument } from 'yaml';
import { yaml } from '../plan/merge/yaml.ts';
import type { Merged } from './json.ts';
import { type Edit, structuralChange } from './structure.ts';
import type { ThreeTexts } from './text.ts';

/** Merges YAML by structure; comments and the layout of what the person wrote stay. */
export function mergeYaml({ before, after, present }: ThreeTexts): Merged {
  const document = parseDocument(present);
  const [fault] = document.errors;
  if (fault !== undefined)
    return { ok: false, reason: `it cannot be read: ${fault.message.split('\n')[0]}` };
  const values = {
    before: parseDocument(before).toJS(),
    after: parseDocument(after).toJS(),
    present: document.toJS(),
  };
  const { edits, conflicts } = structuralChange(values);
  if (conflicts.length > 0)
    return { ok: false, reason: `you have changed ${conflicts.join(', ')}` };
  return { ok: true, text: edits.reduce(put, present) };
}

/** Writes the lines of a new key between those of the person; what has no lines is laid out anew. */
function put(text: string, edit: Edit): string {
  const document = parseDocument(text);
  const { path, value } = edit;
  const isNew = !document.hasIn(path);
  document.setIn(path, document.createNode(value));
  const inserted = isNew ? insertLines(text, edit) : undefined;
  return inserted !== undefined &&
    isDeepStrictEqual(parseDocument(inserted).toJS(), document.toJS())
    ? inserted
    : document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function insertLines(text: string, { path, value, follows }: Edit): string | undefined {
  const document = parseDocument(text);
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1));
  if (!isMap(parent) || parent.flow === true) return undefined;
  const previous = parent.items.find((pair) => keyOf(pair) === follows) ?? parent.items.at(-1);
  if (!isScalar(previous?.key) || !previous.key.range) return undefined;
  const [start] = previous.key.range;
  const margin = text.slice(text.lastIndexOf('\n', start) + 1, start);
  if (margin.trim() !== '') return undefined;
  const at = endOfLines(text, previous);
  const lines = yaml({ [path.at(-1) ?? '']: value })
    .trimEnd()
    .split('\n');
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const block = lines.map((line) => `${margin}${line}${lineEnd}`).join('');
  const before = text.slice(0, at);
  return `${before}${before.endsWith('\n') ? '' : lineEnd}${block}${text.slice(at)}`;
}

/** Where the lines of a key and its value end, a comment behind them included. */
function endOfLines(text: string, { key, value }: Pair): number {
  const node = value ?? key;
  const range =
    typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  const end = Array.isArray(range) ? Number(range[1]) : text.length;
  const lineEnd = text.indexOf('\n', text.slice(0, end).trimEnd().length);
  return lineEnd < 0 ? text.length : lineEnd + 1;
}

function keyOf({ key }: Pair): string {
  return String(key);
}
