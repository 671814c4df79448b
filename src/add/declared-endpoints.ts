import type { Endpoint } from '../answers/endpoint-name.ts';
import type { Tree } from '../service/tree.ts';

/** The folder of routes in every service with an API. */
const routeFolder = 'src/routes';

const call =
  /\.(get|post|put|patch|delete)(?:<[^(]*>)?\(\s*(?:(['"`])([^'"`\n]+)\2|([A-Za-z_$][\w$]*)\s*,)/g;
const constant = /\bconst ([\w$]+) = (['"`])([^'"`\n]+)\2/g;
const entry = /\b(method|url):\s*(['"`])([^'"`\n]+)\2/g;

/**
 * The file of a service that declares an endpoint, if there is one: as the tool writes it, or as
 * `route({ method, url })`. Names of parameters do not matter: /orders/:id and /orders/:order are one.
 */
export function fileOfEndpoint(tree: Tree, endpoint: Endpoint): string | undefined {
  const wanted = shapeOf(endpoint.method, `/${endpoint.segments.join('/')}`);
  const names = tree.list(routeFolder).filter((name) => name.endsWith('.ts'));
  const found = names.find((name) =>
    declaredIn(tree.read(`${routeFolder}/${name}`) ?? '').includes(wanted),
  );
  return found === undefined ? undefined : `${routeFolder}/${found}`;
}

function declaredIn(source: string): readonly string[] {
  const constants = new Map(
    [...source.matchAll(constant)].map(([, name = '', , text = '']) => [name, text]),
  );
  const calls = [...source.matchAll(call)].flatMap(([, method = '', , literal, name = '']) => {
    const url = literal ?? constants.get(name);
    return url === undefined ? [] : [shapeOf(method, url)];
  });
  const values = (wanted: string) =>
    [...source.matchAll(entry)]
      .filter(([, key]) => key === wanted)
      .map(([, , , value = '']) => value);
  const entries = values('method').flatMap((method) =>
    values('url').map((url) => shapeOf(method, url)),
  );
  return [...calls, ...entries];
}

function shapeOf(method: string, url: string): string {
  return `${method.toUpperCase()} ${url.replace(/:[^/]+|\{[^/]+\}/g, '{}').replace(/(.)\/$/, '$1')}`;
}
