import { jsonText, layoutOf } from '../plan/merge/json.ts';
import { editJson } from '../three-way/json.ts';

/** Nobody goes to the new service yet, and nobody's read is shadowed. */
const firstRule = { percentage: 0, shadow: { percentage: 0, ignore: [] } };

/** A rules file for one route. */
export function newRules(route: string): string {
  return jsonText({ [route]: firstRule }, { indent: '  ', lists: 'fitted' });
}

/** The rules file with a rule for one more route; a rule that is there already stays. */
export function withRule(text: string, route: string): string | undefined {
  const rules = rulesIn(text);
  if (rules === undefined) return undefined;
  return route in rules ? text : editJson(text, [{ path: [route], value: firstRule }], 'fitted');
}

/** The rules file without a route's rule; all else keeps its order and layout. */
export function withoutRule(text: string, route: string): string | undefined {
  const rules = rulesIn(text);
  if (rules === undefined) return undefined;
  const { [route]: removed, ...others } = rules;
  return removed === undefined ? text : jsonText(others, layoutOf(text, 'fitted'));
}

/** Whether a rules file rules anything. */
export function hasRules(text: string): boolean {
  return Object.keys(rulesIn(text) ?? {}).length > 0;
}

/** Why not all callers of a route are at the new side; `undefined` when they are. */
export function notAllMoved(text: string, route: string): string | undefined {
  const rule = rulesIn(text)?.[route];
  if (typeof rule !== 'object' || rule === null) return 'has no rule for it';
  const { percentage, exceptions = [] }: Record<string, unknown> = { ...rule };
  if (percentage !== 100) return `sends ${JSON.stringify(percentage)} % of its callers there`;
  const back = (Array.isArray(exceptions) ? exceptions : [exceptions]).filter(
    (exception: unknown) => JSON.stringify(exception)?.includes('"side":"old"'),
  );
  return back.length > 0 ? 'has exceptions that lead to the old side' : undefined;
}

function rulesIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isRecord ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
