import { type ClientConfig, clientConfig } from '../../clients/index.ts';
import type { ConfigPart } from '../../config/index.ts';
import type { HttpConfig } from '../../http/index.ts';
import { defaultPolicyOptions } from '../../resilience/index.ts';

/** Where an upstream is, and how it is called. */
export interface UpstreamConfig extends ClientConfig {
  /** The service's name. */
  readonly name: string;
}

/** Many callers come through the gateway at once, so more calls may run than of one service to another. */
const policyOptions = { ...defaultPolicyOptions, running: 100, waiting: 200 };

/**
 * The part of a configuration that says where an upstream is and how it is called, from the variables that
 * start with its name: `ORDERS_URL`, `ORDERS_ATTEMPTS`, … A call has to end before the gateway does.
 */
export function upstreamConfig(
  name: string,
): ConfigPart<{ readonly http: HttpConfig }, UpstreamConfig> {
  const { schema, budgets } = clientConfig(variablesOf(name), policyOptions);
  return {
    schema: schema.transform((config) => ({ ...config, name })),
    budgets,
  };
}

/** What the variables of a service start with: `order-items` → `ORDER_ITEMS`. */
export function variablesOf(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
