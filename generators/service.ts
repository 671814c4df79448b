import path from 'node:path';
import type { NodePlopAPI } from 'plop';
import { applies, choices } from '../src/answers/choices.ts';
import { defaultValueOf, parseAnswers } from '../src/answers/parse.ts';
import { createService } from '../src/create/create-service.ts';

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
      // plop refuses to take a conditional prompt from its command line: what a usual service is asked is none.
      ...(applies(choice, usual)
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
        const { answers } = parseAnswers(applicable(given ?? {}));
        const { folder, plan } = await createService(answers, { cwd: plop.getDestBasePath() });
        return `${plan.files.length} files in ${path.relative(process.cwd(), folder)}`;
      },
    ],
  });
}

/** The answers to what is asked of whoever takes every default. */
const usual = Object.fromEntries(choices.map((choice) => [choice.key, defaultValueOf(choice, {})]));

/** Without the answers to questions that do not arise from the others. */
function applicable(given: Readonly<Record<string, string>>): Record<string, string> {
  const kept = choices.filter(
    (choice) => given[choice.key] !== undefined && applies(choice, given),
  );
  return Object.fromEntries(kept.map(({ key }) => [key, given[key] ?? '']));
}
