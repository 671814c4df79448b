import { nearest } from '../answers/nearest.ts';
import { quoted } from '../answers/parse.ts';
import { BadInputError, MergeConflictError, TargetConflictError } from '../base/errors.ts';
import type { PlannedFile } from '../plan/plan.ts';
import type { Service } from '../service/find-service.ts';
import type { ServiceChange } from '../service/service-change.ts';
import { filesBelow } from '../service/tree.ts';
import { needsOf, withNeeds } from './dependencies.ts';
import { ejectedPart } from './ejected-part.ts';
import { importsOf } from './imports.ts';
import { chassisName, type InstalledChassis, specifierOf } from './installed-chassis.ts';
import { keptUsersOf } from './kept-users.ts';
import { baseFolder, isWithin, placesOf, sourcesPlace, testsPlace } from './places.ts';
import { ejectedIn, withEjected } from './record.ts';
import { rewired, sourcesOf, targetOf, unwired } from './rewired.ts';

/**
 * Plans that a part of the chassis becomes the service's own: its sources are copied, and the service
 * imports them from there.
 *
 * @throws BadInputError for a part that there is not, or that is ejected already; TargetConflictError when
 *   something else stands where it would go.
 */
export function planEject(
  service: Service,
  chassis: InstalledChassis,
  part: string,
): ServiceChange {
  const { tree, manifest } = service;
  refuseUnknown(part, chassis);
  const before = ejectedIn(manifest.ejected);
  if (before.some((each) => each.part === part)) {
    throw new BadInputError(
      `${part} is ejected already.`,
      `create-service eject ${part} --diff, which shows what the chassis has changed since`,
    );
  }
  for (const place of placesOf(part)) {
    if (tree.list(place).length > 0)
      throw new TargetConflictError(`${place} already exists.`, 'move it away first');
  }
  const { files, imports } = ejectedPart(chassis, part);
  const packageJson = tree.read('package.json') ?? '{}';
  const needs = needsOf(packageJson, imports, before);
  const ejected = [...before, { part, version: chassis.version, ...needs }];
  const parts = ejected.map((each) => each.part);
  const sources = sourcesOf(tree).map((file) => rewired(file, parts));
  const keptUsers = keptUsersOf(part, sources, chassis).filter((each) => !parts.includes(each));
  const hasTests = files.some(({ path }) => path.startsWith(testsPlace(part)));
  return changeOf(service, {
    does: `has ${part} of ${chassisName} ${chassis.version} as its own, in ${placesOf(part)
      .slice(0, hasTests ? 2 : 1)
      .join(' and ')}`,
    files: [
      ...sources,
      ...files.map((file) => rewired(file, parts)),
      ...files.map((file) => ({ path: `${baseFolder}/${file.path}`, contents: file.contents })),
      {
        path: 'package.json',
        contents: withNeeds(packageJson, before, ejected, chassis.versionOf),
      },
      { path: 'service.json', contents: withEjected(tree.read('service.json') ?? '{}', ejected) },
    ],
    removed: [],
    notes: [
      ...(hasTests ? [] : [`${chassisName} has no tests of ${part} that could be copied`]),
      ...keptUsersNotes(service, part, keptUsers),
    ],
  });
}

/** Whoever changes a copy should know who does not use it. */
function keptUsersNotes({ manifest }: Service, part: string, users: readonly string[]) {
  if (users.length === 0) return [];
  const name = manifest.name;
  return [
    `what ${name} has of ${users.join(', ')} is the package's, and uses the package's ${part}, not this one; eject those that are to use yours`,
  ];
}

/**
 * Plans that an ejected part is the package's again.
 *
 * @throws MergeConflictError where a person has changed it, or relies on what it does not publish.
 */
export function planUneject(service: Service, part: string): ServiceChange {
  const { tree, manifest } = service;
  recorded(service, part);
  const before = ejectedIn(manifest.ejected);
  const others = before.filter((each) => each.part !== part);
  const sources = sourcesOf(tree);
  refuseEdited(service, part);
  refuseBound(part, sources);
  return changeOf(service, {
    does: `has ${part} from ${chassisName} again`,
    files: [
      ...sources.filter(({ path }) => !isWithin(path, part)).map((file) => unwired(file, part)),
      {
        path: 'package.json',
        contents: withNeeds(tree.read('package.json') ?? '{}', before, others, () => undefined),
      },
      { path: 'service.json', contents: withEjected(tree.read('service.json') ?? '{}', others) },
    ],
    removed: placesOf(part).flatMap((place) => [
      ...filesBelow(tree, place),
      ...filesBelow(tree, `${baseFolder}/${place}`),
    ]),
    notes: [],
  });
}

/** A file of an ejected part that is another in the installed chassis than in the one it was copied from. */
export interface ChassisChange {
  readonly path: string;
  /** Empty for a file that is new. */
  readonly before: string;
  /** Empty for a file that is gone. */
  readonly after: string;
}

/** What the installed chassis has changed of an ejected part since it was copied. */
export function changedSince(
  service: Service,
  chassis: InstalledChassis,
  part: string,
): { readonly since: string; readonly changes: readonly ChassisChange[] } {
  const { version } = recorded(service, part);
  const base = placesOf(part)
    .flatMap((place) => filesBelow(service.tree, `${baseFolder}/${place}`))
    .map((file) => file.slice(baseFolder.length + 1));
  const now = new Map(ejectedPart(chassis, part).files.map((file) => [file.path, file.contents]));
  // As the service has it, so that the patch fits there.
  const parts = ejectedIn(service.manifest.ejected).map((each) => each.part);
  const asLaid = (path: string, contents = '') => rewired({ path, contents }, parts).contents;
  const changes = [...new Set([...base, ...now.keys()])].sort().map((path) => ({
    path,
    before: asLaid(path, service.tree.read(`${baseFolder}/${path}`)),
    after: asLaid(path, now.get(path)),
  }));
  return { since: version, changes: changes.filter(({ before, after }) => before !== after) };
}

function recorded({ manifest }: Service, part: string) {
  const ejected = ejectedIn(manifest.ejected);
  const entry = ejected.find((each) => each.part === part);
  if (entry !== undefined) return entry;
  const parts = ejected.map((each) => each.part);
  throw new BadInputError(
    parts.length === 0
      ? `${manifest.name} has no part of ${chassisName} as its own.`
      : `${quoted(part)} is not ejected in ${manifest.name}; what is: ${parts.join(', ')}.`,
    `create-service eject ${parts[0] ?? part}`,
  );
}

function refuseUnknown(part: string, { parts }: InstalledChassis): void {
  if (parts.includes(part)) return;
  throw new BadInputError(
    `${quoted(part)} is no part of ${chassisName} that can be ejected; what can be: ${parts.join(', ')}.`,
    `create-service eject ${nearest(part, parts) ?? parts[0]}`,
  );
}

/** A part goes only as it was laid: what a person has changed or put there would be lost. */
function refuseEdited({ tree, manifest }: Service, part: string): void {
  const parts = ejectedIn(manifest.ejected).map((each) => each.part);
  const files = placesOf(part).flatMap((place) => filesBelow(tree, place));
  const conflicts = files.flatMap((path) => {
    const present = tree.read(path) ?? '';
    const base = tree.read(`${baseFolder}/${path}`);
    if (base === undefined)
      return { path, reason: 'you have put it there', before: present, after: '' };
    const { contents } = rewired({ path, contents: base }, parts);
    return contents === present
      ? []
      : { path, reason: 'you have changed it', before: present, after: contents };
  });
  if (conflicts.length === 0) return;
  throw new MergeConflictError(
    `${part} cannot be taken back`,
    conflicts,
    'undo your changes of these files first; --undo --diff shows them',
  );
}

/** Whoever imports a file of the part that is not its `index.ts` could not go on with the package. */
function refuseBound(part: string, sources: readonly PlannedFile[]): void {
  const bound = sources
    .filter(({ path }) => !isWithin(path, part))
    .filter((file) =>
      importsOf(unwired(file, part).contents).some((specifier) =>
        isWithin(targetOf(file, specifier) ?? '', part),
      ),
    );
  if (bound.length === 0) return;
  throw new MergeConflictError(
    `${part} cannot be taken back`,
    bound.map(({ path, contents }) => ({
      path,
      reason: `it imports what ${specifierOf(part)} does not publish`,
      before: contents,
      after: contents,
    })),
    `have these files import ${sourcesPlace(part)}/index.ts only`,
  );
}

/** Only what changes is written. */
function changeOf(service: Service, change: Omit<ServiceChange, 'service'>): ServiceChange {
  const files = change.files.filter(({ path, contents }) => service.tree.read(path) !== contents);
  return {
    ...change,
    service,
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    removed: change.removed.toSorted(),
  };
}
