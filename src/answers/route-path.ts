import { codePointOf } from './description.ts';
import { reservedFor } from './reserved-names.ts';
import type { Verdict } from './verdict.ts';

const example = 'such as /api/orders';

/** What the platform asks the gateway itself for. */
const platform = /^\/(health|metrics|openapi\.json|asyncapi\.json)(\/|$)/;

/** The longest line that is emitted with it stays within a line. */
const maxLength = 60;

/** How a path may be made: with parameters in braces, and as short as the root. */
interface PathRules {
  readonly parameters?: boolean;
  readonly root?: boolean;
}

/** The path of a route: what callers ask for below it is forwarded. */
export function checkRoutePath(text: string, rules: PathRules = {}): Verdict {
  if (text.trim() === '') return { ok: false, reason: `is empty; say a path, ${example}` };
  const foreign = /[^\x20-\x7e]/u.exec(text)?.[0];
  if (foreign !== undefined)
    return { ok: false, reason: `contains ${codePointOf(foreign)}; only ASCII is allowed` };
  const reason = faultOf(text, rules);
  if (reason === undefined) return { ok: true, value: text };
  const usual = usualPath(text);
  const isMeant = usual !== text && faultOf(usual, rules) === undefined;
  return isMeant ? { ok: false, reason, suggestion: usual } : { ok: false, reason };
}

function faultOf(path: string, { parameters = false, root = false }: PathRules) {
  if (!path.startsWith('/')) return `does not begin with "/", ${example}`;
  if (path.length > maxLength)
    return `has ${path.length} characters; at most ${maxLength} are allowed`;
  if (platform.test(path)) return 'is kept for the platform';
  if (path === '/') return root ? undefined : `names nothing; say a path, ${example}`;
  const segments = path.slice(1).split('/');
  const known = parameters
    ? /^([a-z0-9]+(-[a-z0-9]+)*|\{[a-z][a-zA-Z0-9]*\})$/
    : /^[a-z0-9]+(-[a-z0-9]+)*$/;
  const wrong = segments.find((segment) => !known.test(segment));
  if (wrong === '') return 'has an empty part';
  if (wrong !== undefined) {
    const form = parameters ? 'kebab-case, or a parameter in braces, like {id}' : 'kebab-case';
    return `has ${JSON.stringify(wrong)} in it; a part is in ${form}`;
  }
  if (segments[0]?.startsWith('{') === true) return 'begins with a parameter';
  const names = parametersOfPath(path);
  const reserved = names.find((name) => reservedFor(name) !== undefined);
  if (reserved !== undefined)
    return `has a parameter {${reserved}}, which is ${reservedFor(reserved)}`;
  return new Set(names).size === names.length ? undefined : 'names a parameter twice';
}

/** What a person meant who leaves out the first slash, adds a last one, or writes capitals. */
function usualPath(path: string): string {
  const slashed = `/${path.replace(/^\/+|\/+(\*+)?$/g, '')}`;
  return slashed
    .replace(/:([a-z][a-zA-Z0-9]*)/g, '{$1}')
    .replace(/[^/{}]+/g, (part, at: number) =>
      slashed[at - 1] === '{' ? part : part.toLowerCase(),
    );
}

/** The parameters in a path, in order. */
export function parametersOfPath(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

/** `api-orders`: the name of its files. */
export function stemOfPath(path: string): string {
  return path
    .slice(1)
    .replace(/[{}]/g, '')
    .replaceAll('/', '-')
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Where a route leads in its upstream unless told: to the path from the upstream's name on
 * (`/api/v1/orders/items` → `/orders/items` of orders), else to the same one without a leading `/api`.
 */
export function usualUpstreamPath(path: string, upstream: string): string {
  const segments = path.slice(1).split('/');
  const at = segments.indexOf(upstream);
  const from = at >= 0 ? at : segments[0] === 'api' ? 1 : 0;
  return `/${segments.slice(from).join('/')}`;
}
