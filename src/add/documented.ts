import { namesOf } from '../answers/naming.ts';
import type { LayerSource } from '../plan/layers.ts';
import { withClientRows } from '../plan/merge/clients-table.ts';
import { withSection } from '../plan/merge/readme-section.ts';
import { eventRow, withRows } from '../plan/merge/readme-table.ts';
import { fillerFor } from '../plan/placeholders.ts';
import { parseManifest } from '../service/manifest.ts';
import { type RouteListing, routeRow } from '../service/route-listing.ts';
import type { Tree } from '../service/tree.ts';
import type { Emission, Growth } from './addition.ts';
import type { FileEdit } from './file-edits.ts';

/** Adds rows to the tables of the README; where a person took a table out, it is left alone. */
export function documentedIn(tree: Tree, emission: Emission): Growth {
  const path = 'README.md';
  const before = tree.read(path) ?? '';
  const notes: string[] = [];
  let contents = before;
  const { routes } = parseManifest(tree.read('service.json') ?? '{}', 'service.json');
  for (const [name, add] of tablesOf(emission, routes)) {
    const longer = add(contents);
    if (longer === undefined) notes.push(withoutTable(path, name));
    contents = longer ?? contents;
  }
  return { files: contents === before ? [] : [{ path, contents }], notes };
}

/** The tables that get rows, and how; `undefined` comes of a README that lacks one. */
function tablesOf(
  { publishes, handles, route, clients = [] }: Emission,
  listed: readonly RouteListing[],
) {
  const events = [
    ...(publishes === undefined ? [] : [{ type: publishes, direction: 'published' as const }]),
    ...(handles === undefined ? [] : [{ type: handles, direction: 'handled' as const }]),
  ].map(eventRow);
  const tables: [string, (markdown: string) => string | undefined][] = [];
  if (events.length > 0) tables.push(['events', (text) => withRows(text, 'events', events)]);
  if (route !== undefined)
    tables.push(['routes', (text) => withRouteRow(text, route, formerOf(route, listed))]);
  if (clients.length > 0) tables.push(['clients', (text) => withClientRows(text, clients)]);
  return tables;
}

function formerOf({ path }: RouteListing, listed: readonly RouteListing[]) {
  return listed.find((route) => route.path === path);
}

/** The row of a route that is there already is replaced. */
function withRouteRow(
  text: string,
  route: RouteListing,
  former: RouteListing | undefined,
): string | undefined {
  if (former === undefined) return withRows(text, 'routes', [routeRow(route)]);
  const row = routeRow(former);
  return text.includes(row) ? text.replace(row, () => routeRow(route)) : undefined;
}

function withoutTable(path: string, of: string): string {
  return `${path} has no table of ${of} between <!-- ${of} --> and <!-- /${of} -->, so it was left alone`;
}

/** The README sections of the layers that are laid; one that is there already stays. */
export function sectionEdits(emission: Emission, service: string, templates: LayerSource) {
  const fill = fillerFor(namesOf(service), emission.words);
  return emission.layers.flatMap((layer): FileEdit[] => {
    const name = typeof layer === 'string' ? layer : layer.name;
    return Object.values(templates.read(name).readme).map((section) => ({
      path: 'README.md',
      edit: (text) => withSection(text, name.replace('add-', ''), fill(section)),
      otherwise: `README.md is not there, so its section on the ${name.replace('add-', '')} was left out`,
    }));
  });
}
