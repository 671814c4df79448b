/** A route of a gateway, as `service.json` lists it. */
export interface RouteListing {
  readonly path: string;
  /** The services that answer it. */
  readonly to: readonly string[];
  /** What it is called there; of a route to one service. */
  readonly upstreamPath?: string;
  readonly public: boolean;
}

/** The routes that a `service.json` lists; what a person broke is left out. */
export function routesIn(value: unknown): readonly RouteListing[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const { path, to, upstreamPath, public: isPublic }: Record<string, unknown> = { ...item };
    if (typeof path !== 'string' || !Array.isArray(to)) return [];
    return {
      path,
      to: to.filter((name) => typeof name === 'string'),
      ...(typeof upstreamPath === 'string' ? { upstreamPath } : {}),
      public: isPublic === true,
    };
  });
}

/** A row of the README's table of routes. */
export function routeRow({ path, to, upstreamPath, public: isPublic }: RouteListing): string {
  const there = upstreamPath === undefined ? '' : ` \`${upstreamPath}\``;
  return `| \`${path}\` | ${to.join(', ')}${there} | ${isPublic ? 'anybody' : 'with a token'} |`;
}
