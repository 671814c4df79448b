import { namesOf } from '../answers/naming.ts';
import { TargetConflictError } from '../errors.ts';
import { withClientRows } from '../plan/merge/clients-table.ts';
import { eventRow, withRows } from '../plan/merge/readme-table.ts';
import { fillerFor } from '../plan/placeholders.ts';
import type { PlannedFile } from '../plan/plan.ts';
import type { Templates } from '../plan/service-plan.ts';
import { routeRow } from '../service/route-listing.ts';
import type { Tree } from '../service/tree.ts';
import type { Emission } from './addition.ts';
import { configuredIn, declaredIn, listedIn } from './registered.ts';

/** Files to write, those that change included, and what was left alone, in sentences. */
export interface Growth {
  readonly files: readonly PlannedFile[];
  readonly notes: readonly string[];
}

/**
 * Fits what an addition emits into a service: lays its templates, and lists what it is in `service.json`,
 * `package.json`, `.env.example` and the README's tables. Pure.
 *
 * @throws TargetConflictError when something stands where a new file should go.
 */
export function fitIn(
  emission: Emission,
  service: string,
  tree: Tree,
  templates: Templates,
): Growth {
  const laid = [...(emission.files ?? []), ...layFiles(emission, service, tree, templates)];
  const occupied = laid.find(({ path }) => tree.read(path) !== undefined);
  if (occupied !== undefined) {
    throw new TargetConflictError(
      `${occupied.path} is there already.`,
      'move it away, or choose another name',
    );
  }
  const documented = documentedIn(tree, emission);
  return {
    files: [
      ...laid,
      ...listedIn(tree, emission),
      ...declaredIn(tree, emission, templates.catalogue),
      ...configuredIn(tree, emission),
      ...documented.files,
    ],
    notes: [...(emission.notes ?? []), ...documented.notes],
  };
}

/** A template whose path holds no placeholder is shared by all additions of its kind: it is laid once. */
function layFiles(
  { layers, words }: Emission,
  service: string,
  tree: Tree,
  templates: Templates,
): readonly PlannedFile[] {
  return layers.flatMap((layer) => {
    const { name, words: own } = typeof layer === 'string' ? { name: layer, words: {} } : layer;
    const fill = fillerFor(namesOf(service), { ...words, ...own });
    return Object.entries(templates.read(name).files)
      .map(([template, text]) => ({ template, path: fill(template), contents: fill(text) }))
      .filter(({ template, path }) => template !== path || tree.read(path) === undefined)
      .map(({ path, contents }) => ({ path, contents }));
  });
}

/** Adds rows to the tables of the README; where a person took a table out, it is left alone. */
function documentedIn(tree: Tree, emission: Emission): Growth {
  const path = 'README.md';
  const before = tree.read(path) ?? '';
  const notes: string[] = [];
  let contents = before;
  for (const [name, add] of tablesOf(emission)) {
    const longer = add(contents);
    if (longer === undefined) notes.push(withoutTable(path, name));
    contents = longer ?? contents;
  }
  return { files: contents === before ? [] : [{ path, contents }], notes };
}

/** The tables that get rows, and how; `undefined` comes of a README that lacks one. */
function tablesOf({ publishes, handles, route, clients = [] }: Emission) {
  const events = [
    ...(publishes === undefined ? [] : [{ type: publishes, direction: 'published' as const }]),
    ...(handles === undefined ? [] : [{ type: handles, direction: 'handled' as const }]),
  ].map(eventRow);
  const routes = route === undefined ? [] : [routeRow(route)];
  const tables: [string, (markdown: string) => string | undefined][] = [];
  if (events.length > 0) tables.push(['events', (text) => withRows(text, 'events', events)]);
  if (routes.length > 0) tables.push(['routes', (text) => withRows(text, 'routes', routes)]);
  if (clients.length > 0) tables.push(['clients', (text) => withClientRows(text, clients)]);
  return tables;
}

function withoutTable(path: string, of: string): string {
  return `${path} has no table of ${of} between <!-- ${of} --> and <!-- /${of} -->, so it was left alone`;
}
