import type { Surroundings } from '../add/addition.ts';
import { grownIn, recomposed } from '../add/composed.ts';
import { type FileEdit, madeEdits } from '../add/file-edits.ts';
import { upstreamVariable } from '../add/upstream.ts';
import { namesOf } from '../answers/naming.ts';
import type { Templates } from '../plan/layers.ts';
import { fillerFor } from '../plan/placeholders.ts';
import type { PlannedFile } from '../plan/plan.ts';
import type { Service } from '../service/find-service.ts';
import type { RouteListing } from '../service/route-listing.ts';
import type { ServiceChange } from '../service/service-change.ts';
import { hasRules, withoutRule } from '../strangler/rules-text.ts';
import { editJson } from '../three-way/json.ts';
import { type Ending, endingOf } from './ending.ts';
import { lastEdits, rowEdit, variablesEdit } from './plain-again.ts';
import { refuseEdited, refuseUnfinished, strangledRoute } from './removal-refusals.ts';

/**
 * Plans a strangler's end: a plain route to the new service stays. With the last one go the parts that
 * all share, and with its last route the upstream that was left behind.
 *
 * @throws BadInputError for a path that is not strangled, TargetConflictError when its callers have not
 *   all moved, MergeConflictError where a person has changed what would go.
 */
export async function planStranglerRemoval(
  path: string,
  around: Surroundings,
  templates: Templates,
): Promise<ServiceChange> {
  const { service } = around;
  const { tree } = service;
  const strangled = strangledRoute(path, service);
  refuseUnfinished(path, tree);
  const ending = endingOf(strangled, around, templates);
  refuseEdited(path, ending.going, tree);
  const made = await madeEdits(editsOf(strangled, ending, service, templates), tree);
  const files = [
    ...ending.next,
    ...made.files,
    listedIn(service, strangled, ending),
    ...composedIn(service, strangled, ending, templates),
  ];
  const rules = made.files.find((file) => file.path === 'strangler.json');
  const isRuled = rules === undefined || hasRules(rules.contents);
  const written = isRuled ? files : files.filter((file) => file !== rules);
  const gone = [...ending.going.map((file) => file.path), ...(isRuled ? [] : ['strangler.json'])];
  return {
    service,
    does: `forwards ${path} to ${ending.plain.to.join()} alone`,
    files: written
      .filter((file) => file.contents !== tree.read(file.path))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    removed: gone
      .filter((file) => tree.read(file) !== undefined)
      .filter((file) => written.every((other) => other.path !== file))
      .sort(),
    notes: made.notes,
  };
}

function editsOf(
  strangled: RouteListing,
  { plain, isLast, unused }: Ending,
  { manifest }: Service,
  templates: Templates,
): readonly FileEdit[] {
  const fill = fillerFor(namesOf(manifest.name));
  const section = fill(Object.values(templates.read('add-strangler').readme).join('\n'));
  return [
    {
      path: 'strangler.json',
      edit: (text) => withoutRule(text, strangled.path),
      otherwise: `take the rule for ${strangled.path} out of strangler.json`,
    },
    rowEdit(strangled, plain),
    ...(unused === undefined ? [] : [variablesEdit([upstreamVariable(unused)])]),
    ...(isLast ? lastEdits(manifest.name, section) : []),
  ];
}

/** The files that the engine composes, without what nothing needs any more. */
function composedIn(
  service: Service,
  strangled: RouteListing,
  { isLast, unused }: Ending,
  templates: Templates,
): readonly PlannedFile[] {
  const before = grownIn(service);
  const after = before.filter(
    ({ layer, words }) =>
      !(layer === 'add-strangler' && isLast) &&
      !(layer === 'add-upstream' && words.__upstream_kebab__ === unused),
  );
  const what = `The strangler of ${strangled.path} could not be removed`;
  return recomposed(service, { before, after, what }, templates);
}

/** `service.json` with the route as a plain one, and without an upstream that nothing leads to. */
function listedIn(
  { manifest, tree }: Service,
  strangled: RouteListing,
  { plain, unused }: Ending,
): PlannedFile {
  const path = 'service.json';
  const routes = manifest.routes.map((route) => (route === strangled ? plain : route));
  const calls = manifest.calls.filter((name) => name !== unused);
  const edits = [
    { path: ['calls'], value: calls },
    { path: ['routes'], value: routes },
  ];
  return { path, contents: editJson(tree.read(path) ?? '{}', edits, 'fitted') };
}
