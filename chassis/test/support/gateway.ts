import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import {
  authentication,
  crossOrigin,
  entrance,
  forward,
  forwarding,
  type GatewayConfig,
  gatewayConfig,
  gatewaySettings,
  rateLimit,
  strictRequests,
} from '../../src/gateway/index.ts';
import { defaultPolicyOptions, type PolicyOptions } from '../../src/resilience/index.ts';
import {
  type CoreConfig,
  coreConfig,
  createService,
  type ServiceSettings,
} from '../../src/service/index.ts';

interface Config extends CoreConfig {
  readonly gateway: GatewayConfig;
}

/** A gateway without routes, for one test. */
export async function buildGateway(
  environment: Readonly<Record<string, string>> = {},
  settings: ServiceSettings = {},
): Promise<FastifyInstance> {
  const given = { LOG_LEVEL: 'silent', METRICS_PORT: '0', ...environment };
  const config = readConfig<Config>({ ...coreConfig, gateway: gatewayConfig }, given);
  const { gateway } = config;
  const app = await createService('gateway', config, {
    ...gatewaySettings(gateway),
    ...settings,
  });
  onTestFinished(() => {
    // Else it waits for half a second whether a client that has its answer sends more.
    app.server.closeIdleConnections();
    return app.close();
  });
  await app.register(strictRequests);
  await app.register(crossOrigin, gateway.cors);
  await app.register(authentication, gateway.authentication);
  await app.register(rateLimit, gateway.rateLimit);
  await app.register(forwarding, { name: 'gateway', limits: gateway.edge });
  return app;
}

/** How the gateway of one test differs from others. */
interface GatewayOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: ServiceSettings;
  readonly policy?: Partial<PolicyOptions>;
  readonly isPublic?: boolean;
  readonly token?: string;
}

/** A gateway on a real socket, whose `/api/things` is an upstream's `/things`, for one test. */
export async function startGateway(
  origin: string,
  { environment = {}, settings = {}, policy, isPublic = true, token }: GatewayOptions = {},
) {
  const app = await buildGateway(environment, settings);
  const upstream = app.upstream({
    name: 'things',
    origin,
    policy: { ...defaultPolicyOptions, backoffBase: 1, ...policy },
    ...(token === undefined ? {} : { token }),
  });
  entrance(app, { path: '/api/things', isPublic }, (request, reply, rest) =>
    forward(request, reply, upstream, `/things${rest}`),
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  /** One sample of the metrics. */
  const metric = async (sample: string): Promise<number> => {
    const line = (await app.metrics.metrics())
      .split('\n')
      .find((text) => text.startsWith(`${sample} `));
    return Number(line?.split(' ').at(-1));
  };
  return { url, app, metric };
}
