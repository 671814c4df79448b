import { finished } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { entrance, exchange, relay, type Upstream } from '../gateway/index.ts';
import { callerCookie, callerOf, cookieOf, headerOf } from './caller.ts';
import { askWithFallback } from './fallback.ts';
import type { RouteRule, Side } from './rules.ts';
import { sideOf } from './side.ts';
import type { Outcome } from './strangler-metrics.ts';

/** One side of a strangled route. */
export interface StrangledSide {
  readonly upstream: Upstream;
  /** What the route is there. */
  readonly path: string;
}

/** A route whose requests go to one of two sides. */
export interface StrangledRoute {
  /** The route, as the rules file names it. */
  readonly path: string;
  readonly isPublic: boolean;
  readonly old: StrangledSide;
  readonly new: StrangledSide;
  /** The new side again, with a policy of its own, so that shadows take no place of requests. */
  readonly shadow: Upstream;
}

/**
 * Opens a route whose requests the rules send to the old system or to the new service: the strangler
 * fig (Fowler, StranglerFigApplication).
 */
export function strangle(app: FastifyInstance, route: StrangledRoute): void {
  const { rules, shadows, metrics } = app.strangler;
  rules.require(route.path);
  app.addHook('onSend', async (request, reply, payload) => shadows.onSend(request, reply, payload));

  entrance(app, route, async (request, reply, rest) => {
    const rule = rules.ruleOf(route.path);
    const side = chosenSide(route.path, rule, request, reply);
    let answeredBy = side;
    // Not Fastify's onResponse, which is silent about callers who went away.
    finished(reply.raw, () => {
      shadows.onClose(request);
      const seconds = reply.elapsedTime / 1000;
      metrics.answered(route.path, answeredBy, outcomeOf(reply), seconds);
    });
    const ask = (from: StrangledSide, again?: boolean) =>
      exchange(request, from.upstream, from.path + rest, again);
    if (side === 'old') {
      const shadowed = { ...route.new, upstream: route.shadow };
      shadows.begin(request, route.path, rule.shadow, () => ask(shadowed));
      return relay(reply, await ask(route.old));
    }
    if (!rule.fallback) return relay(reply, await ask(route.new));
    const answer = await askWithFallback(
      request,
      // Once: instead of a second attempt there, the old side is asked.
      () => ask(route.new, false),
      () => ask(route.old),
      (reason) => {
        answeredBy = 'old';
        metrics.fellBack(route.path, reason);
      },
    );
    return relay(reply, answer);
  });
}

/** Decides for a request, and gives a caller a cookie that would not be known again without it. */
function chosenSide(
  route: string,
  rule: RouteRule,
  request: FastifyRequest,
  reply: FastifyReply,
): Side {
  const { key, newCookie } = callerOf(request, rule.caller);
  // While all callers are at one side, nobody needs to be known again.
  if (newCookie !== undefined && rule.percentage > 0 && rule.percentage < 100) {
    const secure = request.protocol === 'https' ? '; Secure' : '';
    reply.header(
      'set-cookie',
      `${callerCookie}=${newCookie}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax${secure}`,
    );
  }
  return sideOf(route, rule, {
    path: request.url.split('?')[0] ?? '',
    header: (name) => headerOf(request.headers, name),
    cookie: (name) => cookieOf(request.headers, name),
    caller: key,
  });
}

function outcomeOf({ raw, statusCode }: FastifyReply): Outcome {
  if (!raw.writableFinished) return 'aborted';
  if (statusCode >= 500) return 'failure';
  return statusCode >= 400 ? 'refused' : 'success';
}
