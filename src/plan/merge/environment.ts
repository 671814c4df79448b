import { shellWord } from '../../base/shell-word.ts';
import type { EnvironmentVariable, Fragment } from '../layers.ts';
import type { MergeInput } from './merge-input.ts';

/** Every variable of every layer; of two that have the same one, the later layer says what it is. */
export function variablesOf(fragments: readonly Fragment[]): readonly EnvironmentVariable[] {
  const variables = fragments.flatMap(({ environment }) => environment ?? []);
  return [...new Map(variables.map((variable) => [variable.name, variable])).values()];
}

/** `.env.example`. */
export function environmentExample({ fragments }: MergeInput): string {
  return environmentText(variablesOf(fragments));
}

/** Variables as `.env.example` lists them: required ones are uncommented. */
export function environmentText(variables: readonly EnvironmentVariable[]): string {
  return variables
    .map(({ name, example, description, required }) => {
      const assignment = `${name}=${shellWord(example)}`;
      return `# ${description}\n${required === true ? '' : '# '}${assignment}\n`;
    })
    .join('\n');
}
