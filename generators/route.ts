import type { Addition, Surroundings } from '../src/add/addition.ts';
import { gatewayRouteFile } from '../src/add/gateway-route-file.ts';
import { publicQuestion } from '../src/add/public-question.ts';
import { routeConflict } from '../src/add/route-conflict.ts';
import {
  checkUpstream,
  upstreamLayers,
  upstreamNotes,
  upstreamsAround,
  upstreamVariable,
  upstreamWords,
} from '../src/add/upstream.ts';
import { checkRoutePath, stemOfPath, usualUpstreamPath } from '../src/answers/route-path.ts';
import type { Verdict } from '../src/answers/verdict.ts';
import { BadInputError } from '../src/base/errors.ts';
import type { RouteListing } from '../src/service/route-listing.ts';

/** A path of a gateway that is forwarded to a service. */
export const route: Addition = {
  kind: 'route',
  description: 'a path of a gateway, forwarded to a service behind its own policy; a test',
  example: '/api/orders --to orders',
  needs: 'gateway',

  questions: (around, { name = '', to = '' }) => [
    {
      key: 'name',
      flag: 'name',
      noun: 'path',
      question: 'Which path?',
      help: 'what callers ask for; all below it is forwarded too: /api/orders',
      check: (text) => checkNewPath(text, around),
    },
    {
      key: 'to',
      flag: 'to',
      noun: 'service',
      question: 'Which service answers it?',
      help: `its name${upstreamsAround(around)}`,
      check: (text) => checkUpstream(text, around),
    },
    {
      key: 'upstream-path',
      flag: 'upstream-path',
      noun: 'path',
      question: 'Which path is it there?',
      help: "default: the path from the service's name on, or without a leading /api",
      default: usualUpstreamPath(name, to),
      check: (text) => checkRoutePath(text, { root: true }),
    },
    publicQuestion,
  ],

  emit({ name = '', to = '', 'upstream-path': upstreamPath = '', public: answer }, around) {
    const isPublic = answer === 'yes';
    const listing = { path: name, to: [to], upstreamPath, public: isPublic };
    refuseNeedless(listing, around);
    const stem = stemOfPath(name);
    return {
      does: `forwards ${name} to ${to}`,
      layers: [...upstreamLayers(to, around), 'add-route'],
      words: {
        ...upstreamWords(to),
        __route_path__: name,
        __route_stem__: stem,
        __upstream_path__: upstreamPath === '/' ? '' : upstreamPath,
      },
      files: [
        {
          path: `src/routes/${stem}.ts`,
          contents: gatewayRouteFile({ path: name, upstream: to, upstreamPath, isPublic }),
        },
      ],
      route: listing,
      calls: [to],
      environment: [upstreamVariable(to)],
      notes: upstreamNotes(to, around),
    };
  },
};

function checkNewPath(text: string, around: Surroundings | undefined): Verdict {
  const verdict = checkRoutePath(text);
  if (!verdict.ok || around === undefined) return verdict;
  return routeConflict(verdict.value, around.service) ?? verdict;
}

/** @throws BadInputError when all that is asked below the path goes to the same place already. */
function refuseNeedless(route: RouteListing, { service }: Surroundings): void {
  const wider = service.manifest.routes.find(
    ({ path, to, upstreamPath = '', public: isPublic }) =>
      route.path.startsWith(`${path}/`) &&
      to.join() === route.to.join() &&
      isPublic === route.public &&
      upstreamPath.replace(/\/$/, '') + route.path.slice(path.length) === route.upstreamPath,
  );
  if (wider === undefined) return;
  throw new BadInputError(
    `${route.path} goes to ${route.to.join()} already, with all that is below ${wider.path}.`,
    'leave it out, or give another --upstream-path or --public',
  );
}
