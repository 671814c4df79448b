import { versionIn } from '../catalogue.ts';
import type { Fragment } from '../layers.ts';
import { each, packageManagerField, scriptPermissions } from '../package-manager.ts';
import { json } from './json.ts';
import type { MergeInput } from './merge-input.ts';

/** `package.json`: scripts of all layers, and their dependencies at the catalogue's exact versions. */
export function packageJson(input: MergeInput): string {
  const { answers, context, fragments, catalogue } = input;
  const devDependencies = namesIn(fragments, 'devDependencies');
  if (context.bundleNode) devDependencies.push('node');
  return json({
    name: answers.name,
    version: '0.1.0',
    private: true,
    description: answers.description,
    type: 'module',
    engines: { node: '>=24' },
    ...packageManagerField(context, catalogue),
    scripts: Object.assign({}, ...fragments.map((fragment) => fragment.package?.scripts ?? {})),
    dependencies: pinned(namesIn(fragments, 'dependencies'), catalogue),
    devDependencies: pinned(devDependencies, catalogue),
    ...scriptPermissions(context, installScripts(input)),
  });
}

/** Whether each package that wants to run an install script may. */
export function installScripts({ context, fragments }: MergeInput): Record<string, boolean> {
  const wanted = namesIn(fragments, 'installScripts').concat(context.bundleNode ? ['node'] : []);
  return { ...each(wanted.sort(), true), ...each(namesIn(fragments, 'refusedScripts'), false) };
}

function namesIn(
  fragments: readonly Fragment[],
  key: 'dependencies' | 'devDependencies' | 'installScripts' | 'refusedScripts',
): string[] {
  return [...new Set(fragments.flatMap((fragment) => fragment.package?.[key] ?? []))];
}

function pinned(
  names: string[],
  catalogue: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(names.sort().map((name) => [name, versionIn(catalogue, name)]));
}
