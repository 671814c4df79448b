import type { ZodType } from 'zod';
import { type ClientConfig, clientBudgets, clientConfigSchema } from '../../clients/index.ts';
import type { Budget } from '../../config/index.ts';
import type { HttpConfig } from '../../http/config.ts';
import { defaultPolicyOptions } from '../../resilience/index.ts';

/** Where an upstream is, and how it is called. */
export interface UpstreamConfig extends ClientConfig {
  /** The service's name. */
  readonly name: string;
}

/** Many callers come through the gateway at once, so more calls may run than of one service to another. */
const policyOptions = { ...defaultPolicyOptions, running: 100, waiting: 200 };

/** Reads an upstream from the variables that start with its name: `ORDERS_URL`, `ORDERS_ATTEMPTS`, … */
export function upstreamConfigSchema(name: string): ZodType<UpstreamConfig> {
  return clientConfigSchema(variablesOf(name), policyOptions).transform((config) => ({
    ...config,
    name,
  }));
}

/** How an upstream's limits have to fit those of the gateway. */
export function upstreamBudgets(
  upstream: UpstreamConfig,
  config: { readonly http: HttpConfig },
): Budget[] {
  return clientBudgets(variablesOf(upstream.name), upstream, config);
}

/** What the variables of a service start with: `order-items` → `ORDER_ITEMS`. */
export function variablesOf(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
