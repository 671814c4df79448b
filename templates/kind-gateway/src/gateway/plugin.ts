import fp from 'fastify-plugin';
import {
  authentication,
  crossOrigin,
  forwarding,
  rateLimit,
  strictRequests,
} from 'service-chassis/gateway';
import { serviceInfo } from '../service-info.ts';
import type { ServiceOptions } from '../service.ts';

/** What a request has to pass, in this order, before a route forwards it. */
export default fp(
  async (app, { config: { gateway } }: ServiceOptions) => {
    // What servers might read in different ways is refused.
    await app.register(strictRequests);
    // Pages of which other origins may read answers.
    await app.register(crossOrigin, gateway.cors);
    // Whose tokens are taken on routes that are not public.
    await app.register(authentication, gateway.authentication);
    // How often one caller may ask.
    await app.register(rateLimit, gateway.rateLimit);
    // How large and how slow bodies may be; `app.upstream` is where they go.
    await app.register(forwarding, { name: serviceInfo.name, limits: gateway.edge });
  },
  { name: 'gateway', dependencies: ['telemetry'] },
);
