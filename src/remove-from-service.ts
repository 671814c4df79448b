import { surroundingsOf } from './add-to-service.ts';
import { nearest } from './answers/nearest.ts';
import { quoted } from './answers/parse.ts';
import { applyPlan } from './apply/apply.ts';
import { BadInputError } from './errors.ts';
import { packagedTemplates } from './plan/packaged-templates.ts';
import { planStranglerRemoval, type RemovalPlan } from './strangler/removal.ts';

/** What can be removed, with what stays then. */
export const removable: Readonly<Record<string, string>> = {
  strangler: 'a strangler whose callers have all moved; a plain route to the new service stays',
};

/**
 * Plans what is removed from the service that a folder is in.
 *
 * @param look writes nothing, and refuses a service with an unfinished change in it.
 * @throws BadInputError for what cannot be removed, and what the kind's own plan throws.
 */
export async function planRemoval(
  kind: string,
  name: string,
  { cwd, look = false }: { cwd: string; look?: boolean },
): Promise<RemovalPlan> {
  const kinds = Object.keys(removable);
  if (!kinds.includes(kind)) {
    throw new BadInputError(
      `${quoted(kind)} cannot be removed; what can be: ${kinds.join(', ')}.`,
      `create-service remove ${nearest(kind, kinds) ?? kinds[0]} ${name}`,
    );
  }
  return planStranglerRemoval(name, await surroundingsOf(cwd, { look }), packagedTemplates());
}

/** Carries a planned removal out, all or nothing. */
export function applyRemoval({ service, files, removed }: RemovalPlan): void {
  const { folder, tree } = service;
  applyPlan({ files, removed }, { folder, overwrite: true, former: tree.read });
}
