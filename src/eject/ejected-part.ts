import path from 'node:path';
import { CreateServiceError } from '../base/errors.ts';
import type { PlannedFile } from '../plan/plan.ts';
import type { Needs } from './dependencies.ts';
import { importsOf, mapImports } from './imports.ts';
import { chassisName, type InstalledChassis, specifierOf } from './installed-chassis.ts';
import { sourcesPlace, testsPlace } from './places.ts';

/** A part as it is laid into a service. */
export interface EjectedPart {
  /** Its sources and its tests. */
  readonly files: readonly PlannedFile[];
  /** Packages that it imports, and those that only its tests do. */
  readonly imports: Needs;
}

/**
 * The files of a part and of its tests, which import the other parts from the package.
 *
 * @throws CreateServiceError for a part that imports what no other part publishes.
 */
export function ejectedPart(chassis: InstalledChassis, part: string): EjectedPart {
  const [sources, tests] = [chassis.sourcesOf(part), chassis.testsOf(part)];
  const files = [...sources, ...tests].map(([file, text]) => ({
    path: placeOf(file, part) ?? file,
    contents: mapImports(text, (specifier) => outwards(part, file, specifier)),
  }));
  const packages = (texts: Iterable<string>): readonly string[] =>
    [...new Set([...texts].flatMap(importsOf).flatMap((specifier) => packageOf(specifier) ?? []))]
      .filter((name) => chassis.versionOf(name) !== undefined)
      .sort();
  return {
    files,
    imports: {
      dependencies: packages(sources.values()),
      devDependencies: packages(tests.values()),
    },
  };
}

/** Where a file of the chassis lies in a service that has ejected the part; nothing for one of another part. */
function placeOf(file: string, part: string): string | undefined {
  const within = (folder: string, place: string): string | undefined =>
    file.startsWith(`${folder}/`) ? `${place}${file.slice(folder.length)}` : undefined;
  return (
    within(`src/${part}`, sourcesPlace(part)) ??
    within(`test/${part}`, testsPlace(part)) ??
    // Each part has its own, of its own version.
    within('test/support', `${testsPlace(part)}/support`)
  );
}

/** What a file of a part imports from where it is laid: another part is one of the package. */
function outwards(part: string, file: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = path.posix.join(path.posix.dirname(file), specifier);
  const [from, to] = [placeOf(file, part), placeOf(target, part)];
  if (from !== undefined && to !== undefined) {
    const relative = path.posix.relative(path.posix.dirname(from), to);
    const mapped = relative.startsWith('.') ? relative : `./${relative}`;
    return mapped === specifier ? undefined : mapped;
  }
  const [, other] = /^src\/([^/]+)\/index\.ts$/.exec(target) ?? [];
  if (other !== undefined) return specifierOf(other);
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
