import { isSameText } from '../add/emitted-files.ts';
import { nearest } from '../answers/nearest.ts';
import { quoted } from '../answers/parse.ts';
import { BadInputError, MergeConflictError, TargetConflictError } from '../base/errors.ts';
import type { PlannedFile } from '../plan/plan.ts';
import type { Service } from '../service/find-service.ts';
import { isGateway } from '../service/manifest.ts';
import type { RouteListing } from '../service/route-listing.ts';
import type { Tree } from '../service/tree.ts';
import { notAllMoved } from '../strangler/rules-text.ts';

/** The strangled route of that path. @throws BadInputError naming those that there are. */
export function strangledRoute(path: string, { manifest }: Service): RouteListing {
  const { name, routes } = manifest;
  if (!isGateway(manifest)) {
    throw new BadInputError(
      `${name} is no gateway, so nothing is strangled in it.`,
      'run this in the folder of one made with --kind gateway',
    );
  }
  const strangled = routes.filter(({ strangles }) => strangles !== undefined);
  const found = strangled.find((route) => route.path === path);
  if (found !== undefined) return found;
  const paths = strangled.map((route) => route.path);
  if (paths.length === 0) throw new BadInputError(`${name} has no route that is strangled.`);
  throw new BadInputError(
    `${quoted(path)} is not strangled in ${name}; what is: ${paths.join(', ')}.`,
    `create-service remove strangler ${nearest(path, paths) ?? paths[0]}`,
  );
}

/** @throws TargetConflictError when some callers are still sent to the old side, as far as is known here. */
export function refuseUnfinished(path: string, tree: Tree): void {
  const text = tree.read('strangler.json');
  const reason = text === undefined ? 'is not there' : notAllMoved(text, path);
  if (reason === undefined) return;
  throw new TargetConflictError(
    `Not all callers of ${path} are known to be at the new side: strangler.json ${reason}.`,
    `when all are there, in production too, put that down in strangler.json: "percentage": 100, without exceptions that lead to the old side`,
  );
}

/** @throws MergeConflictError naming the files that would go and are not as they were generated. */
export function refuseEdited(path: string, going: readonly PlannedFile[], tree: Tree): void {
  const conflicts = going.flatMap(({ path: file, contents }) => {
    const present = tree.read(file);
    return present === undefined || isSameText(present, contents)
      ? []
      : [{ path: file, reason: 'you have changed it', before: contents, after: present }];
  });
  if (conflicts.length === 0) return;
  throw new MergeConflictError(
    `The strangler of ${path} could not be removed`,
    conflicts,
    'see your changes with --dry-run --diff; keep what you need in a file of its own, and remove these files or put them back as this version of create-service generates them',
  );
}
