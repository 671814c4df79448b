import path from 'node:path';
import type { NodePlopAPI } from 'plop';
import { applies, choices } from '../src/answers/choices.ts';
import { defaultValueOf, parseAnswers } from '../src/answers/parse.ts';
import { createService } from '../src/create-service.ts';

/**
 * The `service` generator for plop: the same questions, plan and all-or-nothing writing as the
 * command line, from a person's own plopfile.
 */
export function addServiceGenerator(plop: NodePlopAPI): void {
  plop.setGenerator('service', {
    description: "a microservice from a business capability's name",
    prompts: choices.map((choice) => ({
      name: choice.key,
      message: `${choice.question} (${choice.help})`,
      // plop refuses to take a conditional prompt from its command line, so only those are that must be.
      ...(choice.onlyWith === undefined
        ? {}
        : { when: (answers: Record<string, string>) => applies(choice, answers) }),
      default: (answers: Record<string, string>) => defaultValueOf(choice, answers),
      ...(choice.kind === 'select'
        ? {
            type: 'list' as const,
            choices: choice.options.map(({ value, title, help }) => ({
              value,
              name: `${title}: ${help}`,
            })),
          }
        : {
            type: 'input' as const,
            validate: (text: string) => {
              const verdict = choice.check(text);
              return verdict.ok || `This ${verdict.reason}.`;
            },
          }),
    })),
    actions: [
      async (given) => {
        const { answers } = parseAnswers(given ?? {});
        const { folder, plan } = await createService(answers, { cwd: plop.getDestBasePath() });
        return `${plan.files.length} files in ${path.relative(process.cwd(), folder)}`;
      },
    ],
  });
}
