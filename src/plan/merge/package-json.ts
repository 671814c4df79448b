import { WriteFailedError } from '../../errors.ts';
import type { Fragment } from '../layers.ts';
import type { MergeInput } from '../service-plan.ts';
import { json } from './json.ts';

/** `package.json`: scripts of all layers, and their dependencies at the catalogue's exact versions. */
export function packageJson({ answers, context, fragments, catalogue }: MergeInput): string {
  const devDependencies = namesIn(fragments, 'devDependencies');
  const allowScripts = namesIn(fragments, 'allowScripts');
  const refusedScripts = namesIn(fragments, 'refusedScripts');
  if (context.bundleNode) {
    devDependencies.push('node');
    allowScripts.push('node');
  }
  return json({
    name: answers.name,
    version: '0.1.0',
    private: true,
    description: answers.description,
    type: 'module',
    engines: { node: '>=24' },
    scripts: Object.assign({}, ...fragments.map((fragment) => fragment.package?.scripts ?? {})),
    dependencies: pinned(namesIn(fragments, 'dependencies'), catalogue),
    devDependencies: pinned(devDependencies, catalogue),
    ...(allowScripts.length + refusedScripts.length > 0
      ? { allowScripts: { ...each(allowScripts, true), ...each(refusedScripts, false) } }
      : {}),
  });
}

function namesIn(
  fragments: readonly Fragment[],
  key: 'dependencies' | 'devDependencies' | 'allowScripts' | 'refusedScripts',
): string[] {
  return [...new Set(fragments.flatMap((fragment) => fragment.package?.[key] ?? []))];
}

function pinned(
  names: string[],
  catalogue: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    names.sort().map((name) => {
      const version = catalogue[name];
      if (version === undefined)
        throw new WriteFailedError(
          `The templates need ${name}, which their catalogue does not list.`,
        );
      return [name, version];
    }),
  );
}

function each(names: readonly string[], value: boolean): Record<string, boolean> {
  return Object.fromEntries(names.map((name) => [name, value]));
}
