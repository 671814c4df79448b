import type { AddedAnswers, Surroundings } from '../add/addition.ts';
import type { RouteListing } from '../service/route-listing.ts';
import type { StrangledRoute } from './route-file.ts';

/** A strangled route, from the answers to `add strangler`, and as `service.json` lists it. */
export function strangledFrom(answers: AddedAnswers): {
  readonly route: StrangledRoute;
  readonly listing: RouteListing;
} {
  const { name: path = '', from = '', to = '' } = answers;
  const { 'from-path': fromPath = '', 'upstream-path': upstreamPath = '' } = answers;
  const isPublic = answers.public === 'yes';
  return {
    route: { path, from, to, fromPath, upstreamPath, isPublic },
    listing: {
      path,
      to: [from, to],
      upstreamPath,
      public: isPublic,
      strangles: { from, path: fromPath },
    },
  };
}

/** The answers to `add strangler` that made a route. */
export function strangledAnswers(listing: RouteListing): AddedAnswers {
  const { from = '', path: fromPath = '' } = listing.strangles ?? {};
  return { ...plainAnswers(listing), from, 'from-path': fromPath };
}

/** The route of that path that leads to one service, as it was added before. */
export function plainRoute(
  path: string,
  around: Surroundings | undefined,
): RouteListing | undefined {
  const known = around?.service.manifest.routes.find((route) => route.path === path);
  return known?.strangles === undefined &&
    known?.to.length === 1 &&
    known.upstreamPath !== undefined
    ? known
    : undefined;
}

/** The answers to `add route` that made a route, or would make it. */
export function plainAnswers({
  path,
  to,
  upstreamPath = '',
  public: isPublic,
}: RouteListing): AddedAnswers {
  return {
    name: path,
    to: to.at(-1) ?? '',
    'upstream-path': upstreamPath,
    public: isPublic ? 'yes' : 'no',
  };
}
