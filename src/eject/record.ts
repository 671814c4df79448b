import { editJson } from '../three-way/json.ts';

/** A part that was ejected, as `service.json` has it. */
export interface Ejected {
  readonly part: string;
  /** Of the chassis that it was copied from. */
  readonly version: string;
  /** Packages that the service depends on since then, because the part does. */
  readonly dependencies: readonly string[];
}

/** Reads what `service.json` says of ejected parts; what is not of that shape is left out. */
export function ejectedIn(value: unknown): readonly Ejected[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const { part, version, dependencies = [] } = recordOf(entry);
    const isEntry = typeof part === 'string' && typeof version === 'string';
    if (!isEntry || !/^[a-z-]+$/.test(part) || !Array.isArray(dependencies)) return [];
    return { part, version, dependencies: dependencies.filter((name) => typeof name === 'string') };
  });
}

/** The text of `service.json` with these parts as the ejected ones. */
export function withEjected(text: string, ejected: readonly Ejected[]): string {
  const value = ejected.length === 0 ? undefined : ejected;
  return editJson(text, [{ path: ['ejected'], value }], 'fitted');
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
