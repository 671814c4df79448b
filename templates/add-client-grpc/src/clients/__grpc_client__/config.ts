import { clientBudgets, type ClientConfig, clientConfigSchema } from 'service-chassis/clients';
import type { ConfigPart } from '../../config.ts';

declare module '../../config.ts' {
  interface Config {
    readonly __grpcClientKey__: ClientConfig;
  }
}

/** Where the other service listens for gRPC, and how it is called. */
export default {
  key: '__grpcClientKey__',
  schema: clientConfigSchema('__CLIENT__'),
  budgets(config) {
    const limits = config.__grpcClientKey__;
    return clientBudgets('__CLIENT__', limits, config);
  },
} satisfies ConfigPart;
