import type { PackageManager } from '../base/package-manager.ts';
import type { AdditionPlan } from '../grow/add-to-service.ts';
import { compareWithDisk } from '../plan/compare.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { nextText, notesText } from './change-report.ts';
import type { Finish } from './finish.ts';
import type { Style } from './terminal.ts';
import { wrapped } from './wrapped.ts';

/** A file of an addition, and whether it is new or changes one that is there. */
interface AddedFile extends PlannedFile {
  readonly state: 'new' | 'changed';
}

/** Tells the new files of a plan from those that change; to be called before it is applied. */
export function addedFiles({ service, files }: AdditionPlan): readonly AddedFile[] {
  return compareWithDisk({ files }, service.folder).flatMap((file) =>
    file.state === 'same' ? [] : { path: file.path, contents: file.contents, state: file.state },
  );
}

/** All that the end of a run says, to a person or to a program. */
export interface AddOutcome {
  readonly plan: AdditionPlan;
  readonly files: readonly AddedFile[];
  readonly manager: PackageManager;
  readonly install: Omit<Finish, 'git'>;
}

/** What was added and what to type next, for a person. */
export function addedText(outcome: AddOutcome, style: Style): string {
  const { plan, files, install, manager } = outcome;
  const { service, does, notes } = plan;
  const lines = [
    `${style.green('✓')} ${style.bold(service.manifest.name)} ${does} (in ${service.folder})`,
    ...files.map(({ path: file, state }) => `  ${style.dim(state.padEnd(8))} ${file}`),
    ...notesText(notes, style),
  ];
  if (install.install === 'failed') {
    const text = `The dependencies were not installed: ${install.installFailure}. All files are in place; run "${manager} install" in the service to go on.`;
    lines.push(wrapped(`${style.red('✗')} ${text}`, style.columns));
  }
  const next = nextCommands(outcome).map((command) => `  ${style.bold(command)}`);
  return `${lines.join('\n')}\n\nNext:\n${next.join('\n')}`;
}

/** The same as data, for `--json`; of a dry run without an outcome. */
export function addedJson(
  { service, does, notes }: AdditionPlan,
  files: readonly AddedFile[],
  outcome?: AddOutcome,
): object {
  return {
    ok: outcome?.install.install !== 'failed',
    ...(outcome === undefined ? { dryRun: true } : {}),
    name: service.manifest.name,
    does,
    folder: service.folder,
    files: files.map(({ path: file, contents, state }) => ({
      path: file,
      size: Buffer.byteLength(contents),
      state,
    })),
    notes,
    ...(outcome === undefined ? {} : { ...outcome.install, next: nextCommands(outcome) }),
  };
}

function nextCommands({ plan, files, manager, install }: AddOutcome): readonly string[] {
  const changesManifest = files.some((file) => file.path === 'package.json');
  const needsInstall = changesManifest && install.install !== 'done';
  return nextText(plan.service, manager, { needsInstall });
}
