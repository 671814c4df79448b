import path from 'node:path';
import type { PlannedFile } from '../plan/plan.ts';
import { importsOf } from './imports.ts';
import { type InstalledChassis, specifierOf } from './installed-chassis.ts';

/**
 * The parts that a service still has from the package and that import another one: they use the package's
 * copy of it, and not the one that the service has as its own.
 *
 * @param files of the service, which import ejected parts from where they lie already.
 */
export function keptUsersOf(
  part: string,
  files: readonly PlannedFile[],
  chassis: InstalledChassis,
): readonly string[] {
  const bySpecifier = new Map(chassis.parts.map((each) => [specifierOf(each), each]));
  const imported = files
    .filter((file) => file.path.startsWith('src/'))
    .flatMap(({ contents }) => importsOf(contents))
    .flatMap((specifier) => bySpecifier.get(specifier) ?? []);
  const reached = new Map<string, readonly string[]>();
  const visit = (each: string): void => {
    if (reached.has(each)) return;
    const others = partsImportedBy(each, chassis);
    reached.set(each, others);
    others.forEach(visit);
  };
  imported.forEach(visit);
  return [...reached].flatMap(([each, others]) => (others.includes(part) ? each : [])).sort();
}

function partsImportedBy(part: string, chassis: InstalledChassis): readonly string[] {
  const targets = [...chassis.sourcesOf(part)].flatMap(([file, text]) =>
    importsOf(text)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => path.posix.join(path.posix.dirname(file), specifier)),
  );
  return chassis.parts.filter((each) => each !== part && targets.includes(`src/${each}/index.ts`));
}
