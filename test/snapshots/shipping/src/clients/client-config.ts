import { z } from 'zod';
import { defaultPolicyOptions, type PolicyOptions } from '../resilience/policy-options.ts';

/** Where an upstream is, and how it is called. */
export interface ClientConfig {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string;
  readonly policy: PolicyOptions;
}

const milliseconds = z.coerce.number().int().min(1).max(600_000);
const count = z.coerce.number().int().min(1).max(10_000);

function variablesWith(defaults: PolicyOptions) {
  return z.object({
    URL: z.url({ protocol: /^https?$/, error: 'must be a URL such as http://host:3000' }),
    TOKEN: z.string().optional(),
    ATTEMPT_TIMEOUT_MS: milliseconds.default(defaults.attemptTimeout),
    TOTAL_TIMEOUT_MS: milliseconds.default(defaults.totalTimeout),
    ATTEMPTS: count.max(10).default(defaults.attempts),
    BACKOFF_BASE_MS: milliseconds.default(defaults.backoffBase),
    BACKOFF_CAP_MS: milliseconds.default(defaults.backoffCap),
    CIRCUIT_FAILURES: count.default(defaults.failuresToOpen),
    CIRCUIT_FAILURE_RATE: z.coerce.number().gt(0).max(1).default(defaults.failureRateToOpen),
    CIRCUIT_CALLS: count.default(defaults.callsForRate),
    CIRCUIT_WINDOW_MS: milliseconds.default(defaults.rateWindow),
    CIRCUIT_OPEN_MS: milliseconds.default(defaults.openFor),
    CIRCUIT_PROBES: count.default(defaults.probesToClose),
    CONCURRENCY: count.default(defaults.running),
    QUEUE: z.coerce.number().int().min(0).max(10_000).default(defaults.waiting),
  });
}

/**
 * Reads an upstream's address, credentials and policy from the variables that start with its name:
 * `ORDERS_URL`, `ORDERS_TOKEN`, `ORDERS_ATTEMPTS`, … Faults name the whole variable.
 *
 * @param defaults the policy of a variable that is not set.
 */
export function clientConfigSchema(prefix: string, defaults: PolicyOptions = defaultPolicyOptions) {
  const variables = variablesWith(defaults);
  return z.record(z.string(), z.unknown()).transform((environment, context): ClientConfig => {
    const named = Object.keys(variables.shape).map((key) => [key, environment[`${prefix}_${key}`]]);
    const { data, error } = variables.safeParse(Object.fromEntries(named));
    for (const { path, message } of error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: [`${prefix}_${path.join('.')}`], message });
    }
    return data === undefined ? z.NEVER : configOf(data);
  });
}

function configOf(given: z.infer<ReturnType<typeof variablesWith>>): ClientConfig {
  return {
    origin: new URL(given.URL).origin,
    ...(given.TOKEN === undefined ? {} : { token: given.TOKEN }),
    policy: {
      attemptTimeout: given.ATTEMPT_TIMEOUT_MS,
      totalTimeout: given.TOTAL_TIMEOUT_MS,
      attempts: given.ATTEMPTS,
      backoffBase: given.BACKOFF_BASE_MS,
      backoffCap: given.BACKOFF_CAP_MS,
      failuresToOpen: given.CIRCUIT_FAILURES,
      failureRateToOpen: given.CIRCUIT_FAILURE_RATE,
      callsForRate: given.CIRCUIT_CALLS,
      rateWindow: given.CIRCUIT_WINDOW_MS,
      openFor: given.CIRCUIT_OPEN_MS,
      probesToClose: given.CIRCUIT_PROBES,
      running: given.CONCURRENCY,
      waiting: given.QUEUE,
    },
  };
}
