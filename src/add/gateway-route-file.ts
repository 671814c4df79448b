import { camelCase } from '../answers/naming.ts';

/** What a route of a gateway is made from. */
interface GatewayRoute {
  readonly path: string;
  readonly upstream: string;
  /** `/` for all of it. */
  readonly upstreamPath: string;
  readonly isPublic: boolean;
}

/** The file of a gateway's route. Not a template, as whether it is public is a word of its code. */
export function gatewayRouteFile({ path, upstream, upstreamPath, isPublic }: GatewayRoute): string {
  const below = upstreamPath === '/' ? '' : upstreamPath;
  return `import type { FastifyPluginAsync } from 'fastify';
import { entrance, forward } from 'service-chassis/gateway';
import type { ServiceOptions } from '../service.ts';

const path = '${path}';
const upstreamPath = '${below}';

/** Forwards what is asked below the path to ${upstream}, ${isPublic ? 'for anybody' : 'for callers with a token'}. */
const route: FastifyPluginAsync<ServiceOptions> = async (app, { config }) => {
  const upstream = app.upstream(config.${camelCase(upstream)}Upstream);
  entrance(app, { path, isPublic: ${isPublic} }, (request, reply, rest) =>
    forward(request, reply, upstream, upstreamPath + rest),
  );
};

export default route;
`;
}
