import { editJson } from '../three-way/json.ts';
import type { Needs } from './dependencies.ts';

/** A part that was ejected, as `service.json` has it. */
export interface Ejected extends Needs {
  readonly part: string;
  /** Of the chassis that it was copied from. */
  readonly version: string;
}

/** Reads what `service.json` says of ejected parts; what is not of that shape is left out. */
export function ejectedIn(value: unknown): readonly Ejected[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const { part, version, dependencies, devDependencies } = recordOf(entry);
    if (typeof part !== 'string' || typeof version !== 'string') return [];
    if (!/^[a-z-]+$/.test(part)) return [];
    return {
      ...{ part, version },
      ...{ dependencies: namesIn(dependencies), devDependencies: namesIn(devDependencies) },
    };
  });
}

/** The text of `service.json` with these parts as the ejected ones. */
export function withEjected(text: string, ejected: readonly Ejected[]): string {
  const value = ejected.length === 0 ? undefined : ejected.map(entryOf);
  return editJson(text, [{ path: ['ejected'], value }], 'fitted');
}

/** Only what there is. */
function entryOf({ part, version, dependencies, devDependencies }: Ejected): object {
  return {
    ...{ part, version },
    ...(dependencies.length === 0 ? {} : { dependencies }),
    ...(devDependencies.length === 0 ? {} : { devDependencies }),
  };
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
