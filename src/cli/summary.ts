import path from 'node:path';
import type { Destination } from '../create-service.ts';
import { type PackageManager, runCommand } from '../finish/package-manager.ts';
import type { Plan } from '../plan/plan.ts';
import { shellWord } from '../shell-word.ts';
import type { Finish } from './finish.ts';
import { sizeText, wrapped } from './report.ts';
import type { Style } from './terminal.ts';

/** All that the end of a run says, to a person or to a program. */
export interface Outcome {
  readonly plan: Plan;
  readonly destination: Destination;
  readonly manager: PackageManager;
  readonly finish: Finish;
  readonly bundledNode: boolean;
}

/** The commands that come next, in order: three, or four while nothing is installed. */
function nextCommands({ destination, manager, finish }: Outcome): readonly string[] {
  const relative = path.relative(process.cwd(), destination.folder);
  return [
    ...(relative === '' ? [] : [`cd ${shellWord(relative)}`]),
    ...(finish.install === 'done' ? [] : [`${manager} install`]),
    runCommand(manager, 'test'),
    runCommand(manager, 'dev'),
  ];
}

/** What was made and what to type next, for a person. */
export function summaryText(outcome: Outcome, style: Style): string {
  const { plan, destination, finish, bundledNode, manager } = outcome;
  const bytes = plan.files.reduce((sum, { contents }) => sum + Buffer.byteLength(contents), 0);
  const lines = [
    `${style.green('✓')} ${style.bold(plan.answers.name)} is in ${destination.folder} (${plan.files.length} files, ${sizeText(bytes)})`,
  ];
  if (finish.install === 'failed') {
    lines.push(
      wrapped(
        `${style.red('✗')} The dependencies were not installed: ${finish.installFailure}. The service itself is complete; run "${manager} install" in it to go on.`,
        style.columns,
      ),
    );
  }
  if (finish.git === 'initialised') {
    lines.push('! git has no user name here, so the first commit is left to you.');
  }
  if (bundledNode) {
    lines.push(
      wrapped(
        `! The service needs Node 24 and this is ${process.versions.node}: it got "node" as a development dependency, so its scripts run on Node 24 all the same.`,
        style.columns,
      ),
    );
  }
  return `${lines.join('\n')}\n\nNext:\n${nextCommands(outcome)
    .map((command) => `  ${style.bold(command)}`)
    .join('\n')}`;
}

/** The same as data, for `--json`. */
export function summaryJson(outcome: Outcome, warnings: readonly string[]): object {
  const { plan, destination, finish } = outcome;
  return {
    ok: finish.install !== 'failed',
    name: plan.answers.name,
    folder: destination.folder,
    ...(destination.workspace === undefined ? {} : { workspace: destination.workspace }),
    answers: plan.answers,
    files: plan.files.map(({ path, contents }) => ({ path, size: Buffer.byteLength(contents) })),
    install: finish.install,
    ...(finish.installFailure === undefined ? {} : { installFailure: finish.installFailure }),
    git: finish.git,
    warnings,
    next: nextCommands(outcome),
  };
}
