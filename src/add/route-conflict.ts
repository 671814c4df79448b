import type { Verdict } from '../answers/verdict.ts';
import type { Service } from '../service/find-service.ts';

const routeFolder = 'src/routes';

/** A path where a route is declared, as the tool writes it or as Fastify's own calls do. */
const declared =
  /(?:\bpath(?::\s*string)?\s*[=:]|\burl:|\.(?:get|head|post|put|patch|delete|all)(?:<[^(]*>)?\()\s*(['"`])(\/[^'"`\n]*)\1/g;

/**
 * Why a path cannot be opened in a gateway that has it already, in a file that was generated or that a
 * person wrote. Names of parameters do not matter. A path below another is
 * no conflict: the longer one wins.
 */
export function routeConflict(path: string, { manifest, tree }: Service): Verdict | undefined {
  const wanted = shapeOf(path);
  for (const name of tree.list(routeFolder).filter((file) => file.endsWith('.ts'))) {
    const paths = (tree.read(`${routeFolder}/${name}`) ?? '').matchAll(declared);
    if ([...paths].some(([, , text = '']) => shapeOf(text) === wanted)) {
      return { ok: false, reason: `is there already, in ${routeFolder}/${name}` };
    }
  }
  return manifest.routes.some((route) => shapeOf(route.path) === wanted)
    ? { ok: false, reason: 'is listed in service.json already' }
    : undefined;
}

function shapeOf(path: string): string {
  return path
    .replace(/:[^/]+|\{[^/]+\}/g, '{}')
    .replace(/\/\*?$/, '')
    .toLowerCase();
}
