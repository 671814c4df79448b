import { namesOf } from '../answers/naming.ts';
import type { LayerSource } from '../plan/layers.ts';
import { withSection } from '../plan/merge/readme-section.ts';
import { eventRow, withRows } from '../plan/merge/readme-table.ts';
import { fillerFor } from '../plan/placeholders.ts';
import { parseManifest } from '../service/manifest.ts';
import { routeRow } from '../service/route-listing.ts';
import type { Tree } from '../service/tree.ts';
import type { Emission } from './addition.ts';
import type { FileEdit } from './file-edits.ts';
import type { Growth } from './fit-in.ts';

/** The rows of an addition in the README's tables. */
export function documentedIn(tree: Tree, { publishes, handles, route }: Emission): Growth {
  const events = [
    ...(publishes === undefined ? [] : [{ type: publishes, direction: 'published' as const }]),
    ...(handles === undefined ? [] : [{ type: handles, direction: 'handled' as const }]),
  ].map(eventRow);
  if (events.length > 0) return withTable(tree, 'events', events);
  if (route === undefined) return { files: [], notes: [] };
  const { routes } = parseManifest(tree.read('service.json') ?? '{}', 'service.json');
  const known = routes.find(({ path }) => path === route.path);
  return known === undefined
    ? withTable(tree, 'routes', [routeRow(route)])
    : withRowReplaced(tree, routeRow(known), routeRow(route));
}

function withRowReplaced(tree: Tree, former: string, row: string): Growth {
  const path = 'README.md';
  const text = tree.read(path) ?? '';
  if (text.includes(former))
    return { files: [{ path, contents: text.replace(former, () => row) }], notes: [] };
  return {
    files: [],
    notes: [`the table of routes in ${path} was left alone; its row is now ${row}`],
  };
}

function withTable(tree: Tree, name: string, rows: readonly string[]): Growth {
  const path = 'README.md';
  const contents = withRows(tree.read(path) ?? '', name, rows);
  if (contents !== undefined) return { files: [{ path, contents }], notes: [] };
  const note = `${path} has no table of ${name} between <!-- ${name} --> and <!-- /${name} -->, so it was left alone`;
  return { files: [], notes: [note] };
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
