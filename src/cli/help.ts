import { type Choice, choices } from '../answers/choices.ts';
import { settings, switches } from './arguments.ts';

/** The text of `--help`, derived from the choices and flags. */
export function helpText(): string {
  const answers = choices.map((choice): [string, string] => [
    `--${choice.flag} ${valueText(choice)}`,
    choice.kind === 'select' ? `${choice.help} (default: ${choice.default})` : choice.help,
  ]);
  const rest: [string, string][] = [
    ...Object.entries(settings).map(([name, { value, help }]): [string, string] => [
      `--${name} ${value}`,
      help,
    ]),
    ...Object.entries(switches).map(([name, help]): [string, string] => [`--${name}`, help]),
  ];
  return `Usage:
  npm create service [NAME] [-- FLAGS]
  create-service [NAME] [FLAGS]
  create-service add KIND [NAME] [FLAGS]       (create-service add --help)
  create-service remove KIND NAME [FLAGS]      (create-service remove --help)
  create-service eject PART [FLAGS]            (create-service eject --help)

Writes a TypeScript microservice for one business capability, and grows it: in a service's folder,
"add" adds events, handlers, endpoints, clients, a gateway's routes. Asks what is not given.

Answers
${rows(answers)}

Flags
${rows(rest)}

Examples
  npm create service                                     asks everything
  npm create service orders -- --yes                     a REST API on PostgreSQL
  npm create service shipping -- --yes --style both      with events on Kafka
  npm create service orders -- --yes --dry-run           shows what would be written
  create-service --answers orders.json --json            from a script
  npm create service add event order-shipped             an event to publish
  npm create service add handler payment-received -- --from payments

Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.`;
}

function valueText(choice: Choice): string {
  return choice.kind === 'select' ? choice.options.map(({ value }) => value).join('|') : 'TEXT';
}

/** Names and their help in two columns. */
export function rows(entries: readonly [string, string][]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`).join('\n');
}
