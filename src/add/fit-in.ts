import { isDeepStrictEqual } from 'node:util';
import { namesOf } from '../answers/naming.ts';
import { TargetConflictError } from '../errors.ts';
import type { LayerSource } from '../plan/layers.ts';
import { withEventRows } from '../plan/merge/events-table.ts';
import { fillerFor } from '../plan/placeholders.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { parseManifest } from '../service/manifest.ts';
import type { Tree } from '../service/tree.ts';
import { editJson } from '../three-way/json.ts';
import type { Edit } from '../three-way/structure.ts';
import type { Emission } from './addition.ts';

/** Files to write, those that change included, and what was left alone, in sentences. */
export interface Growth {
  readonly files: readonly PlannedFile[];
  readonly notes: readonly string[];
}

/**
 * Fits what an addition emits into a service: lays its templates, lists its event in `service.json`
 * and in the README's table. Pure.
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
    files: [...laid, ...listedIn(tree, emission), ...documented.files],
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
  const fill = fillerFor(namesOf(service), words);
  return layers
    .flatMap((name) => Object.entries(templates.read(name).files))
    .map(([template, text]) => ({ template, path: fill(template), contents: fill(text) }))
    .filter(({ template, path }) => template !== path || tree.read(path) === undefined)
    .map(({ path, contents }) => ({ path, contents }));
}

function listedIn(tree: Tree, { publishes, handles, contract }: Emission): readonly PlannedFile[] {
  if ([publishes, handles, contract].every((listing) => listing === undefined)) return [];
  const path = 'service.json';
  const text = tree.read(path) ?? '{}';
  const manifest = parseManifest(text, path);
  const edits: Edit[] = [
    { path: ['events', 'publishes'], value: listed(manifest.publishes, publishes) },
    { path: ['events', 'handles'], value: listed(manifest.handles, handles) },
  ];
  if (contract !== undefined) {
    const others = manifest.contracts.filter((known) => !isDeepStrictEqual(known, contract));
    edits.push({ path: ['contracts'], value: [...others, contract], follows: 'events' });
  }
  return [{ path, contents: editJson(text, edits, 'fitted') }];
}

function listed(types: readonly string[], added: string | undefined): readonly string[] {
  return added === undefined ? types : [...types, added];
}

function documentedIn(tree: Tree, { publishes, handles }: Emission): Growth {
  const path = 'README.md';
  const rows = [
    ...(publishes === undefined ? [] : [{ type: publishes, direction: 'published' as const }]),
    ...(handles === undefined ? [] : [{ type: handles, direction: 'handled' as const }]),
  ];
  if (rows.length === 0) return { files: [], notes: [] };
  const contents = withEventRows(tree.read(path) ?? '', rows);
  if (contents !== undefined) return { files: [{ path, contents }], notes: [] };
  const note = `${path} has no table of events between <!-- events --> and <!-- /events -->, so it was left alone`;
  return { files: [], notes: [note] };
}
