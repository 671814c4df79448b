import type { Answers } from '../answers/choices.ts';
import { choosingAlso } from '../answers/choosing-also.ts';
import { parseAnswers, quoted } from '../answers/parse.ts';
import { BadInputError, CreateServiceError, MergeConflictError } from '../base/errors.ts';
import { contextFrom } from '../plan/generator-record.ts';
import type { Templates } from '../plan/layers.ts';
import type { PlanContext, PlannedFile } from '../plan/plan.ts';
import { planService } from '../plan/service/service-plan.ts';
import type { Service } from '../service/find-service.ts';
import { answersOf, type ServiceManifest } from '../service/manifest.ts';
import type { Tree } from '../service/tree.ts';
import { mergePlans } from '../three-way/plans.ts';
import { compositionsOf, grownIn } from './composed.ts';

/** What gives a service a bus. */
interface BusLayer {
  readonly files: readonly PlannedFile[];
  /** What was left alone, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Gives a service without events the bus layer: plans it twice, as it was made and with a bus, and
 * brings the difference into what stands on disk. The sample flow of events stays out: the service has
 * code of its own by now, which the sample does not know.
 *
 * @param chosen answers to the questions that a bus raises.
 * @throws MergeConflictError where a person's changes are in the way, CreateServiceError when another
 *   version made the service.
 */
export function busLayer(
  { manifest, tree }: Service,
  chosen: Readonly<Record<string, string>>,
  templates: Templates,
  version: string,
): BusLayer {
  const context = contextOf(manifest, version);
  const grown = compositionsOf(grownIn({ manifest, tree }), manifest.name, templates);
  const plan = (each: Answers) => planService(each, context, templates, { sample: false, grown });
  const former = answersOf(manifest);
  const { answers } = parseAnswers({ ...choosingAlso('style-async', former), ...chosen });
  const { files, conflicts, notes } = mergePlans(plan(former), plan(answers), tree);
  if (conflicts.length > 0) {
    throw new MergeConflictError(
      `${manifest.name} could not be given a bus`,
      conflicts,
      'see what is wanted there with --dry-run --diff; put these files back as they were generated, run this again, and make your changes anew',
    );
  }
  return { files: afterMigrations(files, tree), notes };
}

/**
 * Migrations run in the order of their names, and never one before another that has run: new ones are
 * numbered after those that the service has got meanwhile, in their own order.
 */
function afterMigrations(files: readonly PlannedFile[], tree: Tree): PlannedFile[] {
  const lastOf = new Map<string, string>();
  const renamed = new Map<string, string>();
  for (const file of files.map(({ path }) => path).sort()) {
    const [, folder, number, rest] = /^(.*\/migrations\/)(\d+)(-[^/]+)$/.exec(file) ?? [];
    if (folder === undefined || number === undefined || tree.read(file) !== undefined) continue;
    const last = lastOf.get(folder) ?? lastNumberIn(folder, tree);
    const next = number > last ? number : String(BigInt(last) + 1n).padStart(last.length, '0');
    lastOf.set(folder, next);
    renamed.set(file, `${folder}${next}${rest}`);
  }
  return files.map((file) => ({ ...file, path: renamed.get(file.path) ?? file.path }));
}

function lastNumberIn(folder: string, tree: Tree): string {
  const numbers = tree.list(folder).flatMap((name) => /^\d+/.exec(name)?.[0] ?? []);
  return numbers.sort().at(-1) ?? '';
}

/** How the service was made, when it was made by this version. */
function contextOf({ name, generator }: ServiceManifest, version: string): PlanContext {
  if (generator.version !== version) {
    throw new CreateServiceError(
      'OTHER_VERSION',
      `${name} has no bus yet, and was made by create-service ${quoted(String(generator.version))}: ${version} does not know what that emitted, so it cannot tell your changes from the generated lines.`,
      { hint: 'add the bus with the version that made the service' },
    );
  }
  const context = contextFrom(generator);
  if (context !== undefined) return context;
  throw new BadInputError(
    `The service.json of ${name} does not say how it was made: "generator" needs packageManager and bundleNode.`,
    'bring back what create-service wrote there',
  );
}
