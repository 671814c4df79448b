import { additions } from '../../generators/additions.ts';
import type { AddedAnswers, Addition, Surroundings } from '../add/addition.ts';
import { completeAnswers } from '../add/answers.ts';
import { busQuestions } from '../add/bus-questions.ts';
import { sectionEdits } from '../add/documented.ts';
import { madeEdits } from '../add/file-edits.ts';
import { fitIn } from '../add/fit-in.ts';
import { refuseUnfit } from '../add/refuse-unfit.ts';
import { nearest } from '../answers/nearest.ts';
import { quoted } from '../answers/parse.ts';
import { applyPlan } from '../apply/apply.ts';
import { recoverFormerRuns } from '../apply/change-tree.ts';
import { otherJournals } from '../apply/journal.ts';
import { BadInputError, TargetConflictError } from '../base/errors.ts';
import { generatorVersion } from '../base/package-info.ts';
import { ejectedIn } from '../eject/record.ts';
import { rewired } from '../eject/rewired.ts';
import type { Templates } from '../plan/layers.ts';
import { packagedTemplates } from '../plan/packaged-templates.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { findService, neighboursOf, type Service } from '../service/find-service.ts';
import { hasEvents } from '../service/manifest.ts';
import { withFiles } from '../service/tree.ts';
import { realFolder } from '../workspace/real-folder.ts';

/** What will be written into a service, complete before anything touches the disk. */
export interface AdditionPlan {
  readonly service: Service;
  /** What the service does then, after its name. */
  readonly does: string;
  /** New files and those that change, sorted by path. */
  readonly files: readonly PlannedFile[];
  /** What a person should know, in sentences. */
  readonly notes: readonly string[];
}

/** The addition of that kind. @throws BadInputError with the nearest one. */
export function additionOf(kind: string): Addition {
  const found = additions.find((addition) => addition.kind === kind);
  if (found !== undefined) return found;
  const kinds = additions.map((addition) => addition.kind);
  throw new BadInputError(
    `${quoted(kind)} cannot be added; what can be: ${kinds.join(', ')}.`,
    `create-service add ${nearest(kind, kinds) ?? kinds[0]}`,
  );
}

/**
 * Reads the service that a folder is in, and its neighbours, after undoing what a killed run may have
 * left there.
 *
 * @param look writes nothing, and refuses a service with an unfinished change in it.
 */
export async function surroundingsOf(
  cwd: string,
  { look = false }: { look?: boolean } = {},
): Promise<Surroundings> {
  const start = realFolder(cwd);
  const { folder } = await findService(start);
  if (look && otherJournals(folder).length > 0) {
    throw new TargetConflictError(
      `A run that was killed, or one that is still running, has left a change unfinished in ${folder}.`,
      'run the command without --dry-run, which undoes that first',
    );
  }
  if (!look) recoverFormerRuns(folder);
  const service = await findService(start);
  return { service, neighbours: await neighboursOf(service) };
}

/**
 * Looks around for what the answers of an addition tell to look for: the document of another service's
 * API. For most there is nothing.
 *
 * @param cwd what paths in the answers are relative to.
 * @throws CreateServiceError for answers that cannot be used, or what they name cannot be had.
 */
export async function gatherFor(
  addition: Addition,
  given: AddedAnswers,
  around: Surroundings,
  cwd: string,
): Promise<Surroundings> {
  if (addition.gather === undefined) return around;
  refuseUnfit(addition, around.service.manifest);
  return addition.gather(completeAnswers(addition, around, given), around, cwd);
}

/**
 * Plans an addition from the packaged templates.
 *
 * @param around with what `gatherFor` found. @throws BadInputError for answers that cannot be used.
 */
export async function planAddition(
  addition: Addition,
  given: AddedAnswers,
  around: Surroundings,
): Promise<AdditionPlan> {
  const { service } = around;
  const { name } = service.manifest;
  refuseUnfit(addition, service.manifest);
  const answers = completeAnswers(addition, around, given);
  const templates = packagedTemplates();
  const layer = await layerFor(addition, around, answers, templates);
  const tree = withFiles(service.tree, layer.files);
  const emission = addition.emit(answers, around);
  const fitted = fitIn(emission, { manifest: service.manifest, tree }, templates);
  const edits = [...(emission.edits ?? []), ...sectionEdits(emission, name, templates)];
  const made = await madeEdits(edits, withFiles(tree, fitted.files));
  // What is its own already is not taken from the package by what is added.
  const ejected = ejectedIn(service.manifest.ejected).map(({ part }) => part);
  const files = new Map(
    [...layer.files, ...fitted.files, ...made.files].map((file) => [file.path, file]),
  );
  return {
    service,
    does: emission.does,
    files: [...files.values()]
      .map((file) => rewired(file, ejected))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    notes: [...layer.notes, ...fitted.notes, ...made.notes],
  };
}

async function layerFor(
  { needs }: Addition,
  around: Surroundings,
  answers: AddedAnswers,
  templates: Templates,
) {
  const { service } = around;
  if (needs !== 'events' || hasEvents(service.manifest)) return { files: [], notes: [] };
  const { busLayer } = await import('../add/bus-layer.ts');
  const chosen = busQuestions(around).map(({ key }) => [key, answers[key] ?? '']);
  return busLayer(service, Object.fromEntries(chosen), templates, generatorVersion);
}

/** Writes a planned addition, all or nothing. */
export function applyAddition({ service, files }: AdditionPlan): void {
  applyPlan({ files }, { folder: service.folder, overwrite: true, former: service.tree.read });
}

/** Plans and writes an addition; installs nothing. The library's short way through. */
export async function addToService(
  kind: string,
  given: AddedAnswers,
  { cwd }: { cwd: string },
): Promise<AdditionPlan> {
  const around = await surroundingsOf(cwd);
  const addition = additionOf(kind);
  const plan = await planAddition(addition, given, await gatherFor(addition, given, around, cwd));
  applyAddition(plan);
  return plan;
}
