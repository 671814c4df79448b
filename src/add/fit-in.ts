import { TargetConflictError } from '../base/errors.ts';
import type { Templates } from '../plan/layers.ts';
import type { PlannedFile } from '../plan/plan.ts';
import type { Service } from '../service/find-service.ts';
import type { Emission, Growth } from './addition.ts';
import { grownBy, grownIn, recomposed } from './composed.ts';
import { documentedIn } from './documented.ts';
import { emittedFiles, isSameText, layFiles } from './emitted-files.ts';
import { configuredIn, declaredIn, listedIn } from './registered.ts';

/**
 * Fits what an addition emits into a service: lays its templates, and lists what it is in `service.json`,
 * `package.json`, `.env.example` and the README's tables. Pure.
 *
 * @throws TargetConflictError when something stands where a new file should go.
 */
export function fitIn(
  emission: Emission,
  { manifest, tree }: Pick<Service, 'manifest' | 'tree'>,
  templates: Templates,
): Growth {
  const service = manifest.name;
  const laid = [...(emission.files ?? []), ...layFiles(emission, service, tree, templates)];
  const former = new Map(
    emittedFiles(emission.replaces, service, templates).map(({ path, contents }) => [
      path,
      contents,
    ]),
  );
  const occupied = laid.find(({ path }) => {
    const present = tree.read(path);
    return present !== undefined && !isSameText(present, former.get(path));
  });
  if (occupied !== undefined && former.has(occupied.path)) {
    throw new TargetConflictError(
      `${occupied.path} has been changed by hand, and would be replaced.`,
      'move your changes to a file of their own, and put this one back as it was generated',
    );
  }
  if (occupied !== undefined) {
    throw new TargetConflictError(
      `${occupied.path} is there already.`,
      'move it away, or choose another name',
    );
  }
  const documented = documentedIn(tree, emission);
  return {
    files: [
      ...laid,
      ...listedIn(tree, emission),
      ...declaredIn(tree, emission, templates.catalogue),
      ...configuredIn(tree, emission),
      ...composedIn(emission, { manifest, tree }, templates),
      ...documented.files,
    ],
    notes: [...(emission.notes ?? []), ...documented.notes],
  };
}

/** The files that the engine composes, when they must list something new. */
function composedIn(
  emission: Emission,
  service: Pick<Service, 'manifest' | 'tree'>,
  templates: Templates,
): readonly PlannedFile[] {
  const added = grownBy(emission, templates);
  if (added.length === 0) return [];
  const before = grownIn(service);
  const what = `What ${emission.does} could not be added to ${service.manifest.name}`;
  return recomposed(service, { before, after: [...before, ...added], what }, templates);
}
