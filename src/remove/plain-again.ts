import type { FileEdit } from '../add/file-edits.ts';
import type { EnvironmentVariable } from '../plan/layers.ts';
import { environmentText } from '../plan/merge/environment.ts';
import { withoutSection } from '../plan/merge/readme-section.ts';
import { type RouteListing, routeRow } from '../service/route-listing.ts';
import { withoutRulesMounted } from '../strangler/deployment-text.ts';
import { withoutRulesCopied, withoutRulesLetIn } from '../strangler/image-text.ts';
import { stranglerVariables } from '../strangler/variables.ts';

/** The README's row of a route that is not strangled any more. */
export function rowEdit(strangled: RouteListing, plain: RouteListing): FileEdit {
  const former = routeRow(strangled);
  return {
    path: 'README.md',
    edit: (text) =>
      text.includes(former) ? text.replace(former, () => routeRow(plain)) : undefined,
    otherwise: `the table of routes in README.md was left alone; its row is now ${routeRow(plain)}`,
  };
}

/** `.env.example` without variables that nothing reads any more; those that a person has changed stay. */
export function variablesEdit(variables: readonly EnvironmentVariable[]): FileEdit {
  return {
    path: '.env.example',
    edit: (text) => variables.reduce(withoutVariable, text),
    otherwise: '.env.example is not there, so no variable was taken out',
  };
}

function withoutVariable(text: string, variable: EnvironmentVariable): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const block = environmentText([variable]).replaceAll('\n', lineEnd);
  const at = text.indexOf(block);
  if (at < 0) return text;
  const before = text.slice(0, at);
  const after = text.slice(at + block.length).replace(/^\r?\n/, '');
  return after === '' ? before.trimEnd() + lineEnd : before + after;
}

/** What was told of the rules file, and goes with the last strangler. */
export function lastEdits(service: string, section: string): readonly FileEdit[] {
  return [
    {
      path: 'Dockerfile',
      edit: withoutRulesCopied,
      otherwise: 'take strangler.json out of the Dockerfile',
    },
    {
      path: '.dockerignore',
      edit: withoutRulesLetIn,
      otherwise: 'take strangler.json out of .dockerignore',
    },
    {
      path: 'deploy/kubernetes.yaml',
      edit: (text) => withoutRulesMounted(text, service),
      otherwise: `take the ConfigMap ${service}-strangler and STRANGLER_RULES out of the Deployment`,
    },
    variablesEdit(stranglerVariables),
    {
      path: 'README.md',
      edit: (text) => withoutSection(text, 'strangler', section),
      otherwise: 'the section on the strangler in README.md was left, as it has been changed',
    },
  ];
}
