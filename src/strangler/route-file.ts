import { camelCase } from '../answers/naming.ts';

/** What a strangled route is made from. */
export interface StrangledRoute {
  readonly path: string;
  /** The system that is left behind, and what the route is there; `/` for all of it. */
  readonly from: string;
  readonly fromPath: string;
  /** The service that takes over, and what the route is there. */
  readonly to: string;
  readonly upstreamPath: string;
  readonly isPublic: boolean;
}

/** The file of a strangled route. Not a template, as whether it is public is a word of its code. */
export function strangledRouteFile(route: StrangledRoute): string {
  const { path, from, to, isPublic } = route;
  return `import type { FastifyPluginAsync } from 'fastify';
import { shadowConfig, strangle } from 'service-chassis/strangler';
import type { ServiceOptions } from '../service.ts';

const path = '${path}';
const oldPath = '${below(route.fromPath)}';
const newPath = '${below(route.upstreamPath)}';

/** Goes to ${from} or to ${to}, as the rules file says, ${isPublic ? 'for anybody' : 'for callers with a token'}. */
const route: FastifyPluginAsync<ServiceOptions> = async (app, { config }) => {
  const from = config.${camelCase(from)}Upstream;
  const to = config.${camelCase(to)}Upstream;
  strangle(app, {
    path,
    isPublic: ${isPublic},
    old: { upstream: app.upstream(from), path: oldPath },
    new: { upstream: app.upstream(to), path: newPath },
    shadow: app.upstream(shadowConfig(to, config.strangler.shadow)),
  });
};

export default route;
`;
}

function below(path: string): string {
  return path === '/' ? '' : path;
}
