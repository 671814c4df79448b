import { route as plain } from '../../generators/route.ts';
import { strangler } from '../../generators/strangler.ts';
import type { Surroundings } from '../add/addition.ts';
import { emittedFiles } from '../add/emitted-files.ts';
import { camelCase } from '../answers/naming.ts';
import type { Templates } from '../plan/layers.ts';
import type { PlannedFile } from '../plan/plan.ts';
import type { RouteListing } from '../service/route-listing.ts';
import { emptyTree, filesBelow, type Tree } from '../service/tree.ts';
import { plainAnswers, strangledAnswers } from '../strangler/listing.ts';

/** What the end of a route's strangler means for the gateway. */
export interface Ending {
  /** The route as it is listed then. */
  readonly plain: RouteListing;
  /** The files of the plain route, which take the place of the strangled one's. */
  readonly next: readonly PlannedFile[];
  /** The files that go or are replaced, as they were generated. */
  readonly going: readonly PlannedFile[];
  /** Whether no other route is strangled. */
  readonly isLast: boolean;
  /** The upstream that was left behind, when nothing leads to it any more. */
  readonly unused: string | undefined;
}

/** Works out what goes with a strangled route, and what comes in its place. */
export function endingOf(
  strangled: RouteListing,
  around: Surroundings,
  templates: Templates,
): Ending {
  const { service } = around;
  const { name, routes } = service.manifest;
  const { strangles, ...listing } = strangled;
  const next = { ...listing, to: strangled.to.slice(-1) };
  const others = routes.filter((route) => route !== strangled);
  const isLast = others.every((route) => route.strangles === undefined);
  const files = emittedFiles(plain.emit(plainAnswers(next), around), name, templates);
  const replaced = files.map(({ path }) => path);
  const left = strangles?.from ?? '';
  const unused = isUsed(left, others, service.tree, replaced) ? undefined : left;
  const asNew = { ...around, service: { ...service, tree: emptyTree } };
  const emission = strangler.emit(strangledAnswers(strangled), asNew);
  const going = emittedFiles(emission, name, templates).filter(
    ({ path }) => path !== 'strangler.json' && (isLast || replaced.includes(path)),
  );
  return { plain: next, next: files, going, isLast, unused };
}

/** Whether another route leads to an upstream, or any other source file speaks of it. */
function isUsed(
  upstream: string,
  others: readonly RouteListing[],
  tree: Tree,
  replaced: readonly string[],
): boolean {
  if (others.some(({ to }) => to.includes(upstream))) return true;
  return filesBelow(tree, 'src')
    .filter((file) => file !== 'src/config.ts' && !replaced.includes(file))
    .some((file) => tree.read(file)?.includes(`${camelCase(upstream)}Upstream`));
}
