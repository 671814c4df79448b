import { nearest } from '../answers/nearest.ts';
import { quoted } from '../answers/parse.ts';
import { BadInputError } from '../base/errors.ts';
import { packagedTemplates } from '../plan/packaged-templates.ts';
import { planStranglerRemoval } from '../remove/removal.ts';
import type { ServiceChange } from '../service/service-change.ts';
import { surroundingsOf } from './add-to-service.ts';

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
): Promise<ServiceChange> {
  const kinds = Object.keys(removable);
  if (!kinds.includes(kind)) {
    throw new BadInputError(
      `${quoted(kind)} cannot be removed; what can be: ${kinds.join(', ')}.`,
      `create-service remove ${nearest(kind, kinds) ?? kinds[0]} ${name}`,
    );
  }
  return planStranglerRemoval(name, await surroundingsOf(cwd, { look }), packagedTemplates());
}
