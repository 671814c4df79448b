import type { FastifyInstance } from 'fastify';

/** The methods that a path is answered for. */
export type MethodsOf = (path: string) => readonly string[];

/** Remembers the routes that are added from now on, to tell a wrong method from a wrong path. */
export function rememberMethods(app: FastifyInstance): MethodsOf {
  const routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ path: patternOf(url), methods: [method].flat() });
  });
  return (path) => [
    ...new Set(routes.flatMap((route) => (route.path.test(path) ? route.methods : []))),
  ];
}

/** `/orders/:id` → any path of two segments that begins so. */
function patternOf(url: string): RegExp {
  const parts = url.split(/(:\w+(?:\([^)]*\))?|\*)/);
  const source = parts.map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : RegExp.escape(part);
  });
  return new RegExp(`^${source.join('')}$`);
}
