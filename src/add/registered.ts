import { isDeepStrictEqual } from 'node:util';
import { versionIn } from '../plan/catalogue.ts';
import { environmentText } from '../plan/merge/environment.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { parseManifest } from '../service/manifest.ts';
import type { RouteListing } from '../service/route-listing.ts';
import type { Tree } from '../service/tree.ts';
import { mergeEnvironment } from '../three-way/environment.ts';
import { editJson } from '../three-way/json.ts';
import type { Edit } from '../three-way/structure.ts';
import type { Emission } from './addition.ts';

/** `service.json`, when it must list something new. */
export function listedIn(tree: Tree, emission: Emission): readonly PlannedFile[] {
  const { publishes, handles, contract, route, calls = [] } = emission;
  const path = 'service.json';
  const text = tree.read(path) ?? '{}';
  const manifest = parseManifest(text, path);
  const edits: Edit[] = [];
  if (publishes !== undefined || handles !== undefined) {
    edits.push(
      { path: ['events', 'publishes'], value: listed(manifest.publishes, publishes) },
      { path: ['events', 'handles'], value: listed(manifest.handles, handles) },
    );
  }
  const last = keyBefore('generator', text);
  if (contract !== undefined) {
    const others = manifest.contracts.filter((known) => !isDeepStrictEqual(known, contract));
    edits.push({ path: ['contracts'], value: [...others, contract], ...last });
  }
  const called = calls.filter((name) => !manifest.calls.includes(name));
  if (called.length > 0)
    edits.push({ path: ['calls'], value: [...manifest.calls, ...called], ...last });
  if (route !== undefined)
    edits.push({ path: ['routes'], value: withRoute(manifest.routes, route), ...last });
  return edits.length === 0 ? [] : [{ path, contents: editJson(text, edits, 'fitted') }];
}

/** A route that is listed already is listed in its place as it is now. */
function withRoute(routes: readonly RouteListing[], route: RouteListing): readonly RouteListing[] {
  return routes.some(({ path }) => path === route.path)
    ? routes.map((known) => (known.path === route.path ? route : known))
    : [...routes, route];
}

function listed(types: readonly string[], added: string | undefined): readonly string[] {
  return added === undefined ? types : [...types, added];
}

/** How the service was made stays at the end. */
function keyBefore(key: string, text: string): Pick<Edit, 'follows'> {
  const keys = Object.keys(JSON.parse(text));
  const follows = keys[keys.indexOf(key) - 1];
  return follows === undefined ? {} : { follows };
}

/** `package.json`, when it lacks packages. */
export function declaredIn(
  tree: Tree,
  { dependencies = [], devDependencies = [] }: Emission,
  catalogue: Readonly<Record<string, string>>,
): readonly PlannedFile[] {
  const path = 'package.json';
  const text = tree.read(path) ?? '{}';
  const before = { dependencies: {}, devDependencies: {}, ...JSON.parse(text) };
  const known = [...Object.keys(before.dependencies), ...Object.keys(before.devDependencies)];
  const missing = (names: readonly string[]) => names.filter((name) => !known.includes(name));
  const edits = (
    [
      ['dependencies', missing(dependencies)],
      ['devDependencies', missing(devDependencies)],
    ] as const
  ).flatMap(([key, names]): Edit[] => {
    const added = names.map((name) => [name, versionIn(catalogue, name)] as const);
    const all = { ...before[key], ...Object.fromEntries(added) };
    const sorted = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
    return names.length === 0 ? [] : [{ path: [key], value: Object.fromEntries(sorted) }];
  });
  return edits.length === 0 ? [] : [{ path, contents: editJson(text, edits, 'open') }];
}

/** `.env.example`, when variables are new; where a person took the file out, it stays out. */
export function configuredIn(tree: Tree, { environment = [] }: Emission): readonly PlannedFile[] {
  const path = '.env.example';
  const present = tree.read(path);
  if (present === undefined || environment.length === 0) return [];
  const contents = mergeEnvironment({ before: '', after: environmentText(environment), present });
  return contents === present ? [] : [{ path, contents }];
}
