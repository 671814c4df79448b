import { z } from 'zod';
import type { Budget, ConfigPart } from '../config/index.ts';
import { defaultPolicyOptions, type PolicyOptions } from '../resilience/index.ts';

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
    URL: z
      .url({ protocol: /^https?$/, error: 'must be a URL such as http://host:3000', abort: true })
      .refine(isOrigin, 'must end after host and port: the token has a variable of its own'),
    // A secret that is kept in a file ends with a line break.
    TOKEN: z
      .string()
      .trim()
      .regex(/^[!-~]+$/, 'must be such as a header can have')
      .optional(),
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
    if (data === undefined) return z.NEVER;
    for (const [less, than] of inOrder) {
      if (data[less] <= data[than]) continue;
      const message = `must not be more than ${prefix}_${than} (${data[than]})`;
      context.addIssue({ code: 'custom', path: [`${prefix}_${less}`], message });
    }
    return configOf(data);
  });
}

/** Limits of which the first must not be more than the second. */
const inOrder = [
  ['ATTEMPT_TIMEOUT_MS', 'TOTAL_TIMEOUT_MS'],
  ['BACKOFF_BASE_MS', 'BACKOFF_CAP_MS'],
] as const;

/** How long the service has to end what is in flight when it is told to stop, in milliseconds. */
interface ShutdownLimits {
  readonly shutdownDrain: number;
  readonly shutdownWork: number;
}

/**
 * The part of a configuration that says where another service is and how it is called; see
 * `clientConfigSchema` for its variables. A call has to end before the service does.
 *
 * @param prefix what its variables start with: `PAYMENTS`.
 * @param defaults the policy of a variable that is not set.
 */
export function clientConfig(prefix: string, defaults?: PolicyOptions) {
  return {
    schema: clientConfigSchema(prefix, defaults),
    budgets: (config, client) => clientBudgets(prefix, client, config),
  } satisfies ConfigPart<{ readonly http: ShutdownLimits }, ClientConfig>;
}

/** How a client's limits have to fit those of the service. */
function clientBudgets(
  prefix: string,
  { policy }: ClientConfig,
  { http }: { readonly http: ShutdownLimits },
): Budget[] {
  return [
    {
      less: [
        `SHUTDOWN_DRAIN_MS + ${prefix}_TOTAL_TIMEOUT_MS`,
        http.shutdownDrain + policy.totalTimeout,
      ],
      than: ['0.85 × SHUTDOWN_TIMEOUT_MS', http.shutdownWork],
      because: 'a call that has begun may end before the process does',
    },
  ];
}

/** Whether a URL has nothing that would be dropped in silence. */
function isOrigin(text: string): boolean {
  const { origin, href } = new URL(text);
  return href === `${origin}/`;
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
