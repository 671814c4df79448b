import { codePointOf } from './description.ts';
import { camelCase } from './naming.ts';
import type { Verdict } from './verdict.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const example = 'such as POST /orders/{id}/cancel';

/** What the platform asks for, and what describes the service. */
const platform = /^\/(health(\/.*)?|metrics|openapi\.json|asyncapi\.json)$/;

/** The longest line that is emitted with it stays within a line. */
const maxLength = 60;

/** An endpoint, taken apart: `POST /orders/{id}/cancel`. */
export interface Endpoint {
  readonly method: string;
  readonly segments: readonly string[];
}

/** A method of HTTP and a path whose parameters are in braces, as OpenAPI writes it. */
export function checkEndpoint(text: string): Verdict {
  if (text.trim() === '')
    return { ok: false, reason: `is empty; say a method and a path, ${example}` };
  const foreign = /[^\x20-\x7e]/u.exec(text)?.[0];
  if (foreign !== undefined)
    return { ok: false, reason: `contains ${codePointOf(foreign)}; only ASCII is allowed` };
  const [method = '', path = '', ...rest] = text.trim().split(/ +/);
  if (path === '' || rest.length > 0)
    return { ok: false, reason: `is not one method and one path, ${example}` };
  const usual = `${method.toUpperCase()} ${usualPath(path)}`;
  const reason = methodFault(method) ?? pathFault(path);
  if (reason === undefined) return { ok: true, value: usual };
  const isMeant = usual !== `${method} ${path}` && checkEndpoint(usual).ok;
  return isMeant ? { ok: false, reason, suggestion: `"${usual}"` } : { ok: false, reason };
}

function methodFault(method: string): string | undefined {
  if (methods.includes(method)) return undefined;
  return `does not begin with ${methods.slice(0, -1).join(', ')} or ${methods.at(-1)}`;
}

function pathFault(path: string): string | undefined {
  if (!path.startsWith('/')) return `has no path that begins with "/", ${example}`;
  if (path.length > maxLength)
    return `has a path of ${path.length} characters; at most ${maxLength} are allowed`;
  if (platform.test(path)) return 'is kept for the platform';
  const segments = path.slice(1).split('/');
  const wrong = segments.find(
    (segment) => !/^([a-z][a-z0-9]*(-[a-z0-9]+)*|\{[a-z][a-zA-Z0-9]*\})$/.test(segment),
  );
  if (wrong === '') return 'has an empty part in its path';
  if (wrong !== undefined)
    return `has ${JSON.stringify(wrong)} in its path; a part is in kebab-case, or a parameter in braces, like {id}`;
  if (!/^[a-z]/.test(segments[0] ?? '')) return 'has a path that begins with a parameter';
  const parameters = segments.filter(isParameter);
  return new Set(parameters).size === parameters.length ? undefined : 'names a parameter twice';
}

/** What a person meant who writes parameters as frameworks do, or ends the path with a slash. */
function usualPath(path: string): string {
  return path.replace(/:([a-z][a-zA-Z0-9]*)/g, '{$1}').replace(/(.)\/$/, '$1');
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}

/** Takes apart what `checkEndpoint` has accepted. */
export function splitEndpoint(text: string): Endpoint {
  const [method = '', path = ''] = text.split(' ');
  return { method, segments: path.slice(1).split('/') };
}

/** The parameters in the path, in order. */
export function parametersOf({ segments }: Endpoint): readonly string[] {
  return segments.filter(isParameter).map((segment) => segment.slice(1, -1));
}

/** `post-orders-id-cancel`: its file, and in camel case its operation's id. */
export function endpointStem({ method, segments }: Endpoint): string {
  const words = segments.map((segment) =>
    segment.replace(/[{}]/g, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  );
  return [method.toLowerCase(), ...words].join('-');
}

/** `postOrdersIdCancel` */
export function operationIdOf(endpoint: Endpoint): string {
  return camelCase(endpointStem(endpoint));
}
