import { defaultPolicyOptions, type PolicyOptions } from 'service-chassis/resilience';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { entrance } from '../../src/forwarding/entrance.ts';
import { forward } from '../../src/forwarding/forward.ts';
import { buildService } from '../../src/service.ts';
import { testParts } from './parts.ts';

/** How the gateway of one test differs from others. */
interface GatewayOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly policy?: Partial<PolicyOptions>;
  readonly isPublic?: boolean;
  readonly token?: string;
}

/** A gateway on a real socket, whose `/api/things` is an upstream's `/things`, for one test. */
export async function startGateway(
  origin: string,
  { environment = {}, policy, isPublic = true, token }: GatewayOptions = {},
) {
  const parts = await testParts();
  const config = await loadConfig({
    LOG_LEVEL: 'silent',
    ...parts.standIns.environment,
    ...parts.environment,
    ...environment,
  });
  const app = await buildService({ ...parts.standIns.options, config });
  const upstream = app.upstream({
    name: 'things',
    origin,
    policy: { ...defaultPolicyOptions, backoffBase: 1, ...policy },
    ...(token === undefined ? {} : { token }),
  });
  entrance(app, { path: '/api/things', isPublic }, (request, reply, rest) =>
    forward(request, reply, upstream, `/things${rest}`),
  );
  onTestFinished(() => app.close());
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
