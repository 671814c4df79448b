import type { FastifyInstance } from 'fastify';

/** Gives an application's routes and handlers what they may ask it for: `app.payments`, each a decorator. */
export function provide<Dependencies extends object>(
  app: FastifyInstance,
  dependencies: Dependencies,
): void {
  for (const [name, dependency] of Object.entries(dependencies)) app.decorate(name, dependency);
}
