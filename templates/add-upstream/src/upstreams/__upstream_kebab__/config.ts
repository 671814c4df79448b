import {
  upstreamBudgets,
  type UpstreamConfig,
  upstreamConfigSchema,
} from 'service-chassis/gateway';
import type { ConfigPart } from '../../config.ts';

declare module '../../config.ts' {
  interface Config {
    readonly __upstream__Upstream: UpstreamConfig;
  }
}

/** Where it is, and how it is called: the variables that start with `__UPSTREAM___`. */
export default {
  key: '__upstream__Upstream',
  schema: upstreamConfigSchema('__upstream_kebab__'),
  budgets: (config) => upstreamBudgets(config.__upstream__Upstream, config),
} satisfies ConfigPart;
