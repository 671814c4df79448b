import path from 'node:path';
import { type PackageManager, runCommand } from '../base/package-manager.ts';
import { shellWord } from '../base/shell-word.ts';
import type { Destination } from '../create/create-service.ts';
import type { Plan } from '../plan/plan.ts';
import type { Finish } from './finish.ts';
import { sizeText } from './report.ts';
import type { Style } from './terminal.ts';
import { unbroken, wrapped } from './wrapped.ts';

/** All that the end of a run says, to a person or to a program. */
export interface Outcome {
  readonly plan: Plan;
  readonly destination: Destination;
  readonly manager: PackageManager;
  readonly finish: Finish;
  /** Whether this Node can run the service, and if not, whether it brings its own. */
  readonly node: 'new enough' | 'bundled' | 'too old';
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
  const { plan, destination, finish, node, manager } = outcome;
  const bytes = plan.files.reduce((sum, { contents }) => sum + Buffer.byteLength(contents), 0);
  const lines = [
    `${style.green('✓')} ${style.bold(plan.answers.name)} is in ${unbroken(destination.folder)} (${plan.files.length} files, ${unbroken(sizeText(bytes))})`,
  ];
  if (finish.install === 'failed') {
    lines.push(
      `${style.red('✗')} The dependencies were not installed: ${finish.installFailure}. The service itself is complete; run ${unbroken(`"${manager} install"`)} in it to go on.`,
    );
  }
  if (finish.git === 'initialised') {
    lines.push('! git has no user name here, so the first commit is left to you.');
  }
  if (node !== 'new enough') {
    const remedy =
      node === 'bundled'
        ? 'it got "node" as a development dependency, so its scripts run on Node 24 all the same'
        : `${manager} cannot install Node as a dependency, so that is left to you`;
    lines.push(`! The service needs Node 24 and this is ${process.versions.node}: ${remedy}.`);
  }
  const next = nextCommands(outcome).map((command) => `  ${style.bold(unbroken(command))}`);
  return wrapped([...lines, '', 'Next:', ...next].join('\n'), style.columns);
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
