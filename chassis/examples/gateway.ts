import { coreConfig, createService, run } from 'service-chassis';
import { type ConfigOf, readConfig } from 'service-chassis/config';
import {
  authentication,
  entrance,
  forward,
  forwarding,
  gatewayConfig,
  gatewaySettings,
  rateLimit,
  strictRequests,
  upstreamConfig,
} from 'service-chassis/gateway';
import { listenForSignals } from 'service-chassis/signals';

/** Where orders are asked for, and the numbers of that: `ORDERS_URL` and the variables of its policy. */
const configParts = { ...coreConfig, gateway: gatewayConfig, orders: upstreamConfig('orders') };

type Config = ConfigOf<typeof configParts>;

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
  readConfig<Config>(configParts, environment);
await run({ loadConfig, build }, process.env, listenForSignals());
