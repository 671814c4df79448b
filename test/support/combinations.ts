import { allCombinations, type Combination, covering } from '../../scripts/combinations.ts';

/**
 * As few combinations as a greedy search finds that hold every value, and every pair of values that occurs in any
 * (pairwise coverage): most faults of a combination are faults of two of its values.
 * @param matters of two choices: whether the pairs of their values are wanted; all are unless told.
 */
export function pairwiseCombinations(
  matters: (key: string, other: string) => boolean = () => true,
): readonly Combination[] {
  const all = allCombinations().map((combination) => ({
    combination,
    covers: pairsOf(combination, matters),
  }));
  return covering(all).map(({ combination }) => combination);
}

function pairsOf(
  combination: Combination,
  matters: (key: string, other: string) => boolean,
): string[] {
  const keys = Object.keys(combination);
  const shown = (key: string): string => `${key}=${combination[key]}`;
  return [
    ...keys.map(shown),
    ...keys.flatMap((key, index) =>
      keys
        .slice(index + 1)
        .filter((other) => matters(key, other))
        .map((other) => `${shown(key)} ${shown(other)}`),
    ),
  ];
}

/** As flags of the command line. */
export function flagsOf(combination: Combination): string[] {
  return Object.entries(combination).flatMap(([key, value]) => [`--${key}`, value]);
}
