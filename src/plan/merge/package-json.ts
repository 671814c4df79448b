import { versionIn } from '../catalogue.ts';
import type { Fragment } from '../layers.ts';
import { packageManagerField, scriptPermissions } from '../package-manager.ts';
import type { MergeInput } from '../service-plan.ts';

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

/** The packages that do not work unless their install scripts run. */
export function installScripts({ context, fragments }: MergeInput): readonly string[] {
  return [...namesIn(fragments, 'installScripts'), ...(context.bundleNode ? ['node'] : [])].sort();
}

function namesIn(
  fragments: readonly Fragment[],
  key: 'dependencies' | 'devDependencies' | 'installScripts',
): string[] {
  return [...new Set(fragments.flatMap((fragment) => fragment.package?.[key] ?? []))];
}

function pinned(
  names: string[],
  catalogue: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(names.sort().map((name) => [name, versionIn(catalogue, name)]));
}

/** JSON as npm and Biome format it. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
