import { clientBudgets, type ClientConfig, clientConfigSchema } from 'service-chassis/clients';
import type { ConfigPart } from '../../config.ts';

declare module '../../config.ts' {
  interface Config {
    readonly __clientKey__: ClientConfig;
  }
}

/** Where the other service is, and how it is called. */
export default {
  key: '__clientKey__',
  schema: clientConfigSchema('__CLIENT__'),
  budgets(config) {
    const limits = config.__clientKey__;
    return clientBudgets('__CLIENT__', limits, config);
  },
} satisfies ConfigPart;
