import fp from 'fastify-plugin';
import type { EdgeConfig } from '../edge/config.ts';
import { Shares } from './shares.ts';
import type { Upstream } from './upstream.ts';
import type { UpstreamConfig } from './upstream-config.ts';
import { Upstreams } from './upstreams.ts';

/** What forwarding needs to know of its gateway. */
export interface ForwardingOptions {
  /** What upstreams are told in `Via`. */
  readonly name: string;
  /** How large bodies may be, how slowly they may come, and how many of one caller at once. */
  readonly limits: Pick<EdgeConfig, 'maxBody' | 'slowUpload' | 'uploadsPerCaller'>;
}

/** What all that is forwarded shares. */
interface Forwarding {
  /** The header field that says who hands a request on. */
  readonly via: string;
  readonly maxBody: number;
  readonly slowUpload: number;
  /** Bodies that callers are sending, wherever they go. */
  readonly uploads: Pick<Shares, 'take'>;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly forwarding: Forwarding;
    /** The upstream of that configuration, one for all routes, closed when the gateway closes. */
    upstream(config: UpstreamConfig): Upstream;
  }
}

/**
 * Keeps the upstreams and the uploads. Readiness does not ask upstreams: one that is down must not take the
 * gateway along.
 */
export const forwarding = fp(
  async (app, { name, limits }: ForwardingOptions) => {
    const { maxBody, slowUpload, uploadsPerCaller } = limits;
    const uploads = new Shares(Number.POSITIVE_INFINITY, uploadsPerCaller);
    app.decorate('forwarding', { via: `1.1 ${name}`, maxBody, slowUpload, uploads });
    // A place in a request for how it came in: a map beside is work for each collection of garbage.
    app.decorateRequest('entry');
    const upstreams = new Upstreams({ log: app.log, metrics: app.metrics });
    app.decorate('upstream', (config: UpstreamConfig) => upstreams.of(config));
    app.addHook('onClose', () => upstreams.close());
  },
  { name: 'forwarding', decorators: { fastify: ['metrics'], request: ['caller'] } },
);
