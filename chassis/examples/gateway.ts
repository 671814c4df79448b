import { type CoreConfig, coreConfig, createService, run } from 'service-chassis';
import { type ConfigPart, readConfig } from 'service-chassis/config';
import {
  authentication,
  entrance,
  forward,
  forwarding,
  type GatewayConfig,
  gatewayConfig,
  gatewaySettings,
  rateLimit,
  strictRequests,
  type UpstreamConfig,
  upstreamBudgets,
  upstreamConfigSchema,
} from 'service-chassis/gateway';
import { listenForSignals } from 'service-chassis/signals';

interface Config extends CoreConfig {
  readonly gateway: GatewayConfig;
  readonly orders: UpstreamConfig;
}

/** Where orders are asked for, and the numbers of that: `ORDERS_URL` and the variables of its policy. */
const orders: ConfigPart<Config> = {
  key: 'orders',
  schema: upstreamConfigSchema('orders'),
  budgets: (config) => upstreamBudgets(config.orders, config),
};

/** A gateway that was not made here: `node gateway.ts`, with `ORDERS_URL` and `PORT`. */
async function build(config: Config) {
  const { gateway } = config;
  const app = await createService('shop', config, gatewaySettings(gateway));
  await app.register(strictRequests);
  await app.register(authentication, gateway.authentication);
  await app.register(rateLimit, gateway.rateLimit);
  await app.register(forwarding, { name: 'shop', limits: gateway.edge });
  const upstream = app.upstream(config.orders);
  entrance(app, { path: '/api/orders', isPublic: true }, (request, reply, rest) =>
    forward(request, reply, upstream, `/orders${rest}`),
  );
  return app;
}

const loadConfig = async (environment: NodeJS.ProcessEnv) =>
  readConfig<Config>([...coreConfig, gatewayConfig, orders], environment);
await run({ loadConfig, build }, process.env, listenForSignals());
