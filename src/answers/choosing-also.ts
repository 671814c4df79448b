import { choices, conditionsOf } from './choices.ts';

/**
 * What was chosen, changed in the one answer that switches a layer condition on and keeps all that
 * hold: `style: sync` with `style-async` is `style: both`.
 */
export function choosingAlso(
  condition: string,
  chosen: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const held = conditionsOf(chosen);
  for (const choice of choices) {
    if (choice.kind !== 'select') continue;
    for (const { value } of choice.options) {
      const also = { ...chosen, [choice.key]: value };
      const conditions = conditionsOf(also);
      if (conditions.has(condition) && [...held].every((each) => conditions.has(each))) return also;
    }
  }
  return chosen;
}
