import { applies, choices } from '../../src/answers/choices.ts';

/** What was chosen of every choice among values that applies, by its key. */
export type Combination = Readonly<Record<string, string>>;

/** Every valid combination of the values of all choices. */
export function allCombinations(): readonly Combination[] {
  let combinations: Combination[] = [{}];
  for (const choice of choices) {
    if (choice.kind !== 'select') continue;
    combinations = combinations.flatMap((chosen) =>
      applies(choice, chosen)
        ? choice.options.map(({ value }) => ({ ...chosen, [choice.key]: value }))
        : [chosen],
    );
  }
  return combinations;
}

/**
 * As few combinations as a greedy search finds that hold every pair of values that occurs in any
 * (pairwise coverage): most faults of a combination are faults of two of its values.
 */
export function pairwiseCombinations(): readonly Combination[] {
  const open = new Set(allCombinations().flatMap(pairsOf));
  const chosen: Combination[] = [];
  while (open.size > 0) {
    const gain = (combination: Combination): number =>
      pairsOf(combination).filter((pair) => open.has(pair)).length;
    const best = allCombinations().reduce((a, b) => (gain(b) > gain(a) ? b : a));
    for (const pair of pairsOf(best)) open.delete(pair);
    chosen.push(best);
  }
  return chosen;
}

function pairsOf(combination: Combination): string[] {
  const values = Object.entries(combination).map(([key, value]) => `${key}=${value}`);
  return values.flatMap((a, index) => values.slice(index + 1).map((b) => `${a} ${b}`));
}

/** As flags of the command line. */
export function flagsOf(combination: Combination): string[] {
  return Object.entries(combination).flatMap(([key, value]) => [`--${key}`, value]);
}
