import { allCombinations, type Combination, covering } from '../../scripts/combinations.ts';

/**
 * As few combinations as a greedy search finds that hold every value, and every pair of values that occurs in any
 * (pairwise coverage): most faults of a combination are faults of two of its values.
 */
export function pairwiseCombinations(): readonly Combination[] {
  const all = allCombinations().map((combination) => ({
    combination,
    covers: pairsOf(combination),
  }));
  return covering(all).map(({ combination }) => combination);
}

function pairsOf(combination: Combination): string[] {
  const values = Object.entries(combination).map(([key, value]) => `${key}=${value}`);
  return [
    ...values,
    ...values.flatMap((a, index) => values.slice(index + 1).map((b) => `${a} ${b}`)),
  ];
}

/** As flags of the command line. */
export function flagsOf(combination: Combination): string[] {
  return Object.entries(combination).flatMap(([key, value]) => [`--${key}`, value]);
}
