import { choices } from '../../src/index.ts';

/** The values among which a choice lets a person choose. */
export function valuesOf(key: string): readonly string[] {
  return choices.flatMap((choice) =>
    choice.kind === 'select' && choice.key === key ? choice.options.map(({ value }) => value) : [],
  );
}
