import type { Surroundings } from '../add/addition.ts';
import { routeConflict } from '../add/route-conflict.ts';
import { checkUpstream } from '../add/upstream.ts';
import { checkRoutePath } from '../answers/route-path.ts';
import type { Verdict } from '../answers/verdict.ts';
import type { RouteListing } from '../service/route-listing.ts';
import { plainRoute } from './listing.ts';

/** A path that can be strangled: one that is not there yet, or is a route to one service. */
export function checkPath(text: string, around: Surroundings | undefined): Verdict {
  const verdict = checkRoutePath(text);
  if (!verdict.ok || around === undefined || plainRoute(text, around) !== undefined) return verdict;
  return routeConflict(verdict.value, around.service) ?? verdict;
}

/** The system that is left behind: of a route that is there the one that answers it. */
export function checkFrom(
  text: string,
  known: RouteListing | undefined,
  around: Surroundings | undefined,
): Verdict {
  const [answering] = known?.to ?? [];
  if (answering === undefined || answering === text) return checkUpstream(text, around);
  return {
    ok: false,
    reason: `does not answer ${known?.path} now; ${answering} does`,
    suggestion: answering,
  };
}

/** The service that takes over. */
export function checkTo(text: string, from: string, around: Surroundings | undefined): Verdict {
  if (text === from) return { ok: false, reason: 'is the system that is left behind' };
  return checkUpstream(text, around);
}
