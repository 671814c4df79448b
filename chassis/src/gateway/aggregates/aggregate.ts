import type { FastifyInstance } from 'fastify';
import { callersLimits, whileWaitedFor } from '../forwarding/caller-gone.ts';
import type { Upstream } from '../forwarding/upstream.ts';
import { MissingPartError } from './missing-part.ts';
import { readPart } from './part.ts';

/** The names of the parameters in a path: of `/orders/:id` it is `{ id }`. */
type Parameters<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Record<Name, string> & Parameters<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Record<Name, string>
    : object;

/** What one service adds to an aggregate. */
export interface Part<Path extends string> {
  readonly upstream: Upstream;
  /** Path and query to ask for. Parameters are encoded already. */
  readonly path: (parameters: Parameters<Path>) => string;
  /** Whether there is no answer without it. */
  readonly required: boolean;
}

/** A path of the gateway that is answered by several services together. */
export interface AggregateOptions<Path extends string> {
  /** As Fastify writes it: `/api/order-overview/:id`. */
  readonly path: Path;
  readonly isPublic: boolean;
  /** By the names under which they are in the answer. */
  readonly parts: Readonly<Record<string, Part<Path>>>;
}

/**
 * Answers a `GET` with what several services say, all asked at once, each behind its own policy:
 * `{ "parts": { … }, "missing": [{ "part", "reason" }] }`. A part that does not come is said to be
 * missing; only without a required one there is no answer.
 */
export function aggregate<Path extends string>(
  app: FastifyInstance,
  { path, isPublic, parts }: AggregateOptions<Path>,
): void {
  const config = { isPublic };
  app.get<{ Params: Record<string, string> }>(path, { config }, async (request, reply) => {
    const limits = callersLimits(whileWaitedFor(reply));
    const parameters = encoded(request.params);
    requireAll(path, parameters);
    const results = await Promise.all(
      Object.entries(parts).map(async ([part, { upstream, path: pathOf, required }]) => {
        const result = await readPart(request, upstream, pathOf(parameters), limits);
        return { part, required, result };
      }),
    );
    const came: Record<string, unknown> = {};
    const missing: { part: string; reason: string }[] = [];
    for (const { part, required, result } of results) {
      if (result.came) {
        came[part] = result.value;
        continue;
      }
      if (required) throw new MissingPartError(part, result);
      const { reason, status, error } = result;
      request.log.warn({ part, reason, status, err: error }, 'a part is missing');
      missing.push({ part, reason });
    }
    // What is incomplete now may be complete in a moment.
    if (missing.length > 0) reply.header('cache-control', 'no-store');
    return { parts: came, missing };
  });
}

/** Parameters come decoded from the router. */
function encoded(parameters: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(parameters);
  return Object.fromEntries(entries.map(([name, value]) => [name, encodeURIComponent(value)]));
}

function requireAll<Path extends string>(
  path: Path,
  parameters: object,
): asserts parameters is Parameters<Path> {
  for (const [, name = ''] of path.matchAll(/:(\w+)/g)) {
    if (!(name in parameters)) throw new Error(`${path} was matched without ${name}`);
  }
}
