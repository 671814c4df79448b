import type { FileEdit } from '../add/file-edits.ts';
import type { PlannedFile } from '../plan/plan.ts';
import type { Service } from '../service/find-service.ts';
import { withRulesMounted } from './deployment-text.ts';
import { withRulesCopied, withRulesLetIn } from './image-text.ts';
import { newRules, withRule } from './rules-text.ts';

/** The rules file, where there is none. */
export function firstRules(path: string, { tree }: Service): readonly PlannedFile[] {
  if (tree.read('strangler.json') !== undefined) return [];
  return [{ path: 'strangler.json', contents: newRules(path) }];
}

/** The rules file where there is one, and what else must know of it. */
export function stranglerEdits(path: string, { manifest, tree }: Service): readonly FileEdit[] {
  const rules = {
    path: 'strangler.json',
    edit: (text: string) => withRule(text, path),
    otherwise: `strangler.json was left alone, as it is no JSON object; it needs a rule for ${path}`,
  };
  return [
    ...(tree.read(rules.path) === undefined ? [] : [rules]),
    {
      path: 'Dockerfile',
      edit: withRulesCopied,
      otherwise:
        'the image must have strangler.json, or STRANGLER_RULES must name a file that is mounted',
    },
    {
      path: '.dockerignore',
      edit: withRulesLetIn,
      otherwise: 'see that .dockerignore lets strangler.json into the image',
    },
    {
      path: 'deploy/kubernetes.yaml',
      edit: (text) => withRulesMounted(text, manifest.name),
      otherwise: `mount the ConfigMap ${manifest.name}-strangler in the Deployment, and set STRANGLER_RULES to where strangler.json is then`,
    },
  ];
}
