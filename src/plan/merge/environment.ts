import { shellWord } from '../../shell-word.ts';
import type { MergeInput } from '../service-plan.ts';

/** `.env.example`: every variable of every layer, required ones uncommented. */
export function environmentExample({ fragments }: MergeInput): string {
  const variables = fragments.flatMap(({ environment }) => environment ?? []);
  return variables
    .map(({ name, example, description, required }) => {
      const assignment = `${name}=${shellWord(example)}`;
      return `# ${description}\n${required === true ? '' : '# '}${assignment}\n`;
    })
    .join('\n');
}
