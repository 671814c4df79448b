import path from 'node:path';
import { CreateServiceError } from '../base/errors.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { importsOf, mapImports } from './imports.ts';
import {
  chassisName,
  ejectedFolder,
  type InstalledChassis,
  specifierOf,
} from './installed-chassis.ts';

/** A part as it is laid into a service. */
export interface EjectedPart {
  readonly files: readonly PlannedFile[];
  /** Packages that it imports, with their versions. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * The files of a part, which import the other parts from the package.
 *
 * @throws CreateServiceError for a part that imports what no other part publishes.
 */
export function ejectedPart(chassis: InstalledChassis, part: string): EjectedPart {
  const dependencies: Record<string, string> = {};
  const files = [...chassis.filesOf(part)].map(([file, text]) => {
    for (const specifier of importsOf(text)) {
      const name = packageOf(specifier);
      const version = name === undefined ? undefined : chassis.versionOf(name);
      if (name !== undefined && version !== undefined) dependencies[name] = version;
    }
    const contents = mapImports(text, (specifier) => outwards(part, file, specifier));
    return { path: `${ejectedFolder}/${part}/${file}`, contents };
  });
  return { files, dependencies };
}

/** From a file of a part: another part is one of the package. */
function outwards(part: string, file: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = path.posix.join(part, path.posix.dirname(file), specifier);
  const [other = '', ...rest] = target.split('/');
  if (other === part) return undefined;
  if (rest.join('/') === 'index.ts') return specifierOf(other);
  throw new CreateServiceError(
    'CHASSIS_PART_BOUND',
    `${part} cannot be ejected: its ${file} imports ${target}, which ${chassisName} does not publish.`,
  );
}

/** The package that a specifier is of; nothing for a file, a module of Node.js, or the chassis itself. */
function packageOf(specifier: string): string | undefined {
  if (/^(\.|node:)/.test(specifier)) return undefined;
  const [scope = '', name] = specifier.split('/');
  return scope.startsWith('@') && name !== undefined ? `${scope}/${name}` : scope;
}
