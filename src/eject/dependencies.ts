import { editJson } from '../three-way/json.ts';
import type { Edit } from '../three-way/structure.ts';

/** The text of `package.json` with further dependencies, and the names of those that it had not. */
export function withDependencies(
  text: string,
  wanted: Readonly<Record<string, string>>,
): { text: string; added: readonly string[] } {
  const known = dependenciesIn(text);
  const added = Object.keys(wanted)
    .filter((name) => !known.includes(name))
    .sort();
  const edits = added.map((name): Edit => {
    const before = [...known, ...added].sort();
    const follows = before[before.indexOf(name) - 1];
    return {
      path: ['dependencies', name],
      value: wanted[name],
      ...(follows === undefined ? {} : { follows }),
    };
  });
  return { text: edits.length === 0 ? text : editJson(text, edits, 'fitted'), added };
}

/** The text of `package.json` without some dependencies. */
export function withoutDependencies(text: string, names: readonly string[]): string {
  const edits = names
    .filter((name) => dependenciesIn(text).includes(name))
    .map((name): Edit => ({ path: ['dependencies', name], value: undefined }));
  return edits.length === 0 ? text : editJson(text, edits, 'fitted');
}

function dependenciesIn(text: string): readonly string[] {
  const { dependencies = {} }: { dependencies?: object } = JSON.parse(text);
  return Object.keys(dependencies);
}
