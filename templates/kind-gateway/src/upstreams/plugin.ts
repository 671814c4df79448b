import fp from 'fastify-plugin';
import { Upstream } from '../forwarding/upstream.ts';
import type { UpstreamConfig } from '../forwarding/upstream-config.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** The upstream of that configuration, one for all routes, closed when the gateway closes. */
    upstream(config: UpstreamConfig): Upstream;
  }
}

/** Keeps the upstreams. Readiness does not ask them: one that is down must not take the gateway along. */
export default fp(
  async (app) => {
    const upstreams = new Map<string, Upstream>();
    app.decorate('upstream', (config: UpstreamConfig) => {
      const known = upstreams.get(config.name);
      if (known !== undefined) return known;
      const added = new Upstream(config, { log: app.log, metrics: app.metrics });
      upstreams.set(config.name, added);
      return added;
    });
    app.addHook('onClose', async () => {
      for (const upstream of [...upstreams.values()].reverse()) await upstream.close();
    });
  },
  { name: 'upstreams', dependencies: ['telemetry', 'edge'] },
);
