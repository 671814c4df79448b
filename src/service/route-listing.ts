/** A route of a gateway, as `service.json` lists it. */
export interface RouteListing {
  readonly path: string;
  /** The services that answer it. */
  readonly to: readonly string[];
  /** What it is called there; of a route to one service. */
  readonly upstreamPath?: string;
  readonly public: boolean;
  /** Of a route that leads to one of two sides: the one that is left behind. */
  readonly strangles?: { readonly from: string; readonly path: string };
}

/** The routes that a `service.json` lists; what a person broke is left out. */
export function routesIn(value: unknown): readonly RouteListing[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const given: Record<string, unknown> = { ...item };
    const { path, to, upstreamPath, public: isPublic } = given;
    if (typeof path !== 'string' || !Array.isArray(to)) return [];
    return {
      path,
      to: to.filter((name) => typeof name === 'string'),
      ...(typeof upstreamPath === 'string' ? { upstreamPath } : {}),
      public: isPublic === true,
      ...strangledIn(given.strangles),
    };
  });
}

function strangledIn(value: unknown): Pick<RouteListing, 'strangles'> {
  if (typeof value !== 'object' || value === null) return {};
  const { from, path }: Record<string, unknown> = { ...value };
  if (typeof from !== 'string' || typeof path !== 'string') return {};
  return { strangles: { from, path } };
}

/** A row of the README's table of routes. */
export function routeRow(route: RouteListing): string {
  const { path, to, upstreamPath, public: isPublic, strangles } = route;
  const there = upstreamPath === undefined ? '' : ` \`${upstreamPath}\``;
  const before = strangles === undefined ? '' : `${strangles.from} \`${strangles.path}\` or `;
  const services = to.filter((name) => name !== strangles?.from).join(', ');
  const who = isPublic ? 'anybody' : 'with a token';
  return `| \`${path}\` | ${before}${services}${there} | ${who} |`;
}
