import { applies, choices } from '../src/answers/choices.ts';

/** The value chosen for each choice that applies, by its key. */
export type Combination = Readonly<Record<string, string>>;

/** Every combination of the values of those choices that are made among a few. */
export function allCombinations(): Combination[] {
  let made: Combination[] = [{}];
  for (const choice of choices) {
    if (choice.kind !== 'select') continue;
    made = made.flatMap((chosen) =>
      applies(choice, chosen)
        ? choice.options.map(({ value }) => ({ ...chosen, [choice.key]: value }))
        : [chosen],
    );
  }
  return made;
}

/** The few that together cover all that any covers; those that cover the most come first. */
export function covering<T extends { readonly covers: readonly string[] }>(all: readonly T[]): T[] {
  const open = new Set(all.flatMap(({ covers }) => covers));
  const gain = ({ covers }: T) => covers.filter((item) => open.has(item)).length;
  const kept: T[] = [];
  while (open.size > 0) {
    const best = all.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    for (const item of best.covers) open.delete(item);
    kept.push(best);
  }
  return kept;
}
