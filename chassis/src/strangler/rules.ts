import { z } from 'zod';
import { NamedError } from '../copies/index.ts';

/** The sides of a strangled route: what is being left behind, and what takes its place. */
export type Side = 'old' | 'new';

/** Who goes where on one route: a route's entry in the rules file. */
export type RouteRule = z.infer<typeof ruleSchema>;

/** The rules of all routes, by route. */
export type Rules = ReadonlyMap<string, RouteRule>;

/** A rules file that cannot be used; its message names each fault in one line. */
export class RulesError extends NamedError {
  override readonly name = 'RulesError';
}

const percentage = z.number().min(0).max(100);
const text = z.string().min(1).max(500);
const path = z.string().max(500).startsWith('/', 'must begin with "/"');
const headerName = z.string().regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'must be in lower case');
const cookieName = z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'is not the name of a cookie');

const exception = z.strictObject({
  side: z.enum(['old', 'new']),
  /** Holds when all that it names does. */
  when: z
    .strictObject({
      path: path.optional(),
      headers: z.record(headerName, text).optional(),
      cookies: z.record(cookieName, text).optional(),
    })
    .refine((when) => Object.keys(when).length > 0, 'must name a path, headers or cookies'),
});

const ruleSchema = z.strictObject({
  /** Part of the callers that goes to the new side, from 0 to 100; fractions count. */
  percentage,
  /** The first that holds decides; the percentage does where none holds. */
  exceptions: z.array(exception).max(100).default([]),
  /** What tells callers apart that have no token: a header, or a cookie. */
  caller: z
    .strictObject({ header: headerName.optional(), cookie: cookieName.optional() })
    .default({}),
  /** Whether the old side answers for a new one that is down. */
  fallback: z.boolean().default(true),
  shadow: z
    .strictObject({
      /** Part of the reads answered by the old side that the new one is asked, too. */
      percentage,
      // Parts of a JSON body that may differ: /updatedAt, /items/*/etag.
      ignore: z.array(path).max(100).default([]),
    })
    .optional(),
});

const rulesSchema = z.record(path, ruleSchema);

/** As many faults as fit into a line that a person reads. */
const faultsShown = 5;

/**
 * Reads a rules file, which must have an entry for each strangled route. It may have others: the
 * gateway before or after this one may strangle more.
 *
 * @throws RulesError
 */
export function parseRules(json: string, routes: readonly string[]): Rules {
  const { data, error } = rulesSchema.safeParse(parseJson(json));
  if (error !== undefined) {
    throw faulty(error.issues.map(({ path, message }) => `${shown(path)}: ${message}`));
  }
  const rules = new Map(Object.entries(data));
  const missing = routes.filter((route) => !rules.has(route));
  if (missing.length > 0) throw faulty(missing.map((route) => `${shown([route])} is missing`));
  const idle = [...rules].flatMap(([route, rule]) => idleExceptions(route, rule));
  if (idle.length > 0) throw faulty(idle);
  return rules;
}

/** An exception for a path outside of its route is a slip of the pen, which would go unnoticed. */
function idleExceptions(route: string, { exceptions }: RouteRule): readonly string[] {
  return exceptions.flatMap(({ when }, index) =>
    when.path === undefined || isWithin(when.path, route)
      ? []
      : [`${shown([route, 'exceptions', index, 'when', 'path'])} is not below ${route}`],
  );
}

/** Whether a path is another, or below it: /orders/1 is within /orders, and /orders-old is not. */
export function isWithin(path: string, other: string): boolean {
  return path === other || path.startsWith(other.endsWith('/') ? other : `${other}/`);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's own message would repeat a part of the file.
    throw new RulesError('it is no JSON');
  }
}

function shown(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the file' : path.map((key) => String(key).slice(0, 100)).join(' → ');
}

function faulty(faults: readonly string[]): RulesError {
  const more = faults.length - faultsShown;
  const named = faults.slice(0, faultsShown).join('; ');
  return new RulesError(more > 0 ? `${named}; and ${more} more` : named);
}
