import { hash } from 'node:crypto';
import { isWithin, type RouteRule, type Side } from './rules.ts';

/** What the decision is made from: a request as far as rules can speak of it. */
export interface Asked {
  /** Path without query, as the caller wrote it. */
  readonly path: string;
  header(name: string): string | undefined;
  cookie(name: string): string | undefined;
  /** Stands for the caller, and is the same at each of its requests. */
  readonly caller: string;
}

/** Decides which side answers a request: the first exception that holds, else the percentage. Pure. */
export function sideOf(route: string, rule: RouteRule, asked: Asked): Side {
  const found = rule.exceptions.find(({ when }) => holds(when, asked));
  if (found !== undefined) return found.side;
  return placeOf(asked.caller, route) < rule.percentage ? 'new' : 'old';
}

/**
 * The caller's place among all callers of a route, from 0 up to but not including 100. It never
 * changes, so a percentage that is raised moves callers to the new side and none back. The route is
 * part of the hash: otherwise the same callers would be the first to try each route.
 */
export function placeOf(caller: string, route: string): number {
  const bits = Number.parseInt(hash('sha256', `${route}\n${caller}`).slice(0, 12), 16);
  return (bits / 2 ** 48) * 100;
}

function holds(when: RouteRule['exceptions'][number]['when'], asked: Asked): boolean {
  const { path, headers = {}, cookies = {} } = when;
  return (
    (path === undefined || isWithin(decoded(asked.path), path)) &&
    Object.entries(headers).every(([name, value]) => asked.header(name) === value) &&
    Object.entries(cookies).every(([name, value]) => asked.cookie(name) === value)
  );
}

/** The upstreams read `%72` as `r`, too, so a rule must not be got round by writing a path that way. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
