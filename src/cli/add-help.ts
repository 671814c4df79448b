import { additions } from '../../generators/additions.ts';
import { laterChoices } from '../add/bus-questions.ts';
import { addFlags } from './add-arguments.ts';
import { rows } from './help.ts';

/** The text of `add --help`, derived from the additions and flags. */
export function addHelpText(): string {
  const kinds = additions.map(({ kind, description }): [string, string] => [kind, description]);
  const questions = additions.flatMap((addition) => addition.questions(undefined, {}));
  const asked = [...new Map(questions.toReversed().map((each) => [each.flag, each])).values()];
  const answers = asked
    .toReversed()
    .map(({ flag, question, help }): [string, string] => [
      flag === 'name' ? 'NAME or --name TEXT' : `--${flag} TEXT`,
      `${question} (${help})`,
    ]);
  const later = laterChoices.flatMap((choice): [string, string][] =>
    choice.kind === 'select'
      ? [
          [
            `--${choice.flag} ${choice.options.map(({ value }) => value).join('|')}`,
            `when the service has none: ${choice.question} (default: ${choice.default})`,
          ],
        ]
      : [],
  );
  const flags = Object.entries(addFlags).map(([name, help]): [string, string] => [
    `--${name}`,
    help,
  ]);
  const examples = additions.map(({ kind, example }) => `  create-service add ${kind} ${example}`);
  return `Usage: npm create service add KIND [NAME] [-- FLAGS]
       create-service add KIND [NAME] [FLAGS]

Run in the folder of a service that create-service made. Adds files; of what is there it edits at most
service.json, README.md, .env.example, package.json and what the new part needs where the service has
none yet (a bus, the mounted rules of a strangler). A client's document is asked from the neighbour's
own code. Lines that a person wrote stay. All or nothing.

Kinds
${rows(kinds)}

Answers
${rows([...answers, ...later])}

Flags
${rows(flags)}

Examples
${examples.join('\n')}

Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.`;
}
