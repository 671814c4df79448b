import { isDeepStrictEqual } from 'node:util';
import { namesOf } from '../answers/naming.ts';
import { TargetConflictError } from '../errors.ts';
import type { LayerSource } from '../plan/layers.ts';
import { environmentText } from '../plan/merge/environment.ts';
import { eventRow, withRows } from '../plan/merge/readme-table.ts';
import { fillerFor } from '../plan/placeholders.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { parseManifest, type ServiceManifest } from '../service/manifest.ts';
import { routeRow } from '../service/route-listing.ts';
import type { Tree } from '../service/tree.ts';
import { mergeEnvironment } from '../three-way/environment.ts';
import { editJson } from '../three-way/json.ts';
import type { Edit } from '../three-way/structure.ts';
import type { Emission } from './addition.ts';

/** Files to write, those that change included, and what was left alone, in sentences. */
export interface Growth {
  readonly files: readonly PlannedFile[];
  readonly notes: readonly string[];
}

/**
 * Fits what an addition emits into a service: lays its templates, lists its event or route in
 * `service.json` and in the README's table, and its variables in `.env.example`. Pure.
 *
 * @throws TargetConflictError when something stands where a new file should go.
 */
export function fitIn(
  emission: Emission,
  service: string,
  tree: Tree,
  templates: LayerSource,
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
      ...variablesIn(tree, emission),
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
  templates: LayerSource,
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

function listedIn(tree: Tree, emission: Emission): readonly PlannedFile[] {
  const path = 'service.json';
  const text = tree.read(path) ?? '{}';
  const edits = editsOf(emission, parseManifest(text, path));
  return edits.length === 0 ? [] : [{ path, contents: editJson(text, edits, 'fitted') }];
}

function editsOf(emission: Emission, manifest: ServiceManifest): readonly Edit[] {
  const { publishes, handles, contract, route, calls = [] } = emission;
  const edits: Edit[] = [];
  if ([publishes, handles, contract].some((listing) => listing !== undefined)) {
    edits.push(
      { path: ['events', 'publishes'], value: listed(manifest.publishes, publishes) },
      { path: ['events', 'handles'], value: listed(manifest.handles, handles) },
    );
  }
  if (contract !== undefined) {
    const others = manifest.contracts.filter((known) => !isDeepStrictEqual(known, contract));
    edits.push({ path: ['contracts'], value: [...others, contract], follows: 'events' });
  }
  if (calls.length > 0) {
    const value = [...new Set([...manifest.calls, ...calls])].sort();
    edits.push({ path: ['calls'], value, follows: 'events' });
  }
  if (route !== undefined) {
    edits.push({ path: ['routes'], value: [...manifest.routes, route], follows: 'calls' });
  }
  return edits;
}

function listed(types: readonly string[], added: string | undefined): readonly string[] {
  return added === undefined ? types : [...types, added];
}

/** Variables that are listed already, also by a person, stay as they are. */
function variablesIn(tree: Tree, { environment = [] }: Emission): readonly PlannedFile[] {
  const path = '.env.example';
  const present = tree.read(path);
  if (present === undefined || environment.length === 0) return [];
  const after = environmentText(environment);
  const contents = mergeEnvironment({ before: '', after, present });
  return contents === present ? [] : [{ path, contents }];
}

function documentedIn(tree: Tree, { publishes, handles, route }: Emission): Growth {
  const events = [
    ...(publishes === undefined ? [] : [{ type: publishes, direction: 'published' as const }]),
    ...(handles === undefined ? [] : [{ type: handles, direction: 'handled' as const }]),
  ].map(eventRow);
  if (events.length > 0) return withTable(tree, 'events', events);
  return route === undefined
    ? { files: [], notes: [] }
    : withTable(tree, 'routes', [routeRow(route)]);
}

function withTable(tree: Tree, name: string, rows: readonly string[]): Growth {
  const path = 'README.md';
  const contents = withRows(tree.read(path) ?? '', name, rows);
  if (contents !== undefined) return { files: [{ path, contents }], notes: [] };
  const note = `${path} has no table of ${name} between <!-- ${name} --> and <!-- /${name} -->, so it was left alone`;
  return { files: [], notes: [note] };
}
