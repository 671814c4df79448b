import { additions } from '../../generators/additions.ts';
import { BadInputError, InterruptedError, MergeConflictError } from '../base/errors.ts';
import {
  type AdditionPlan,
  additionOf,
  applyAddition,
  gatherFor,
  planAddition,
  surroundingsOf,
} from '../grow/add-to-service.ts';
import { type AddArguments, parseAddArguments } from './add-arguments.ts';
import { addedFiles, addedJson, addedText } from './add-report.ts';
import { notesText } from './change-report.ts';
import { installInService, managerOf } from './install-in-service.ts';
import { print, printJson } from './print.ts';
import { canAsk, type Terminal } from './terminal.ts';
import { wrapped } from './wrapped.ts';

/** `create-service add KIND NAME`: grows the service that the folder is in. Returns the exit code. */
export async function add(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = parseAddArguments(argv);
  if (args.switches.help) {
    const { addHelpText } = await import('./add-help.ts');
    return print(wrapped(addHelpText(), terminal.output.columns));
  }
  const plan = await planFor(args, terminal).catch(async (error: unknown) => {
    if (args.switches.diff && !args.switches.json) await showConflicts(error);
    throw error;
  });
  return args.switches['dry-run'] ? show(plan, args, terminal) : write(plan, args, terminal);
}

async function planFor(args: AddArguments, { output }: Terminal): Promise<AdditionPlan> {
  const { switches, given, cwd } = args;
  const asks = !switches.yes && !switches.json && canAsk();
  const prompts = asks ? await import('./add-prompts.ts') : undefined;
  const kind = args.kind ?? (await prompts?.askKind(output));
  if (kind === undefined) {
    throw new BadInputError(
      'What shall be added is missing, and nobody can be asked here.',
      additions.map((addition) => `create-service add ${addition.kind} NAME`).join(', or '),
    );
  }
  const addition = additionOf(kind);
  const around = await surroundingsOf(cwd, { look: switches['dry-run'] });
  const answers = (await prompts?.askQuestions(addition, around, given, output)) ?? given;
  return planAddition(addition, answers, await gatherFor(addition, answers, around, cwd));
}

async function show(
  plan: AdditionPlan,
  { switches }: AddArguments,
  { output }: Terminal,
): Promise<number> {
  if (switches.json) return printJson(addedJson(plan, addedFiles(plan)));
  const { dryRunText } = await import('./dry-run.ts');
  const { service, does, notes } = plan;
  const text = await dryRunText(plan, service.folder, { diff: switches.diff, style: output });
  return print([`${service.manifest.name} ${does}.`, text, ...notesText(notes, output)].join('\n'));
}

async function write(
  plan: AdditionPlan,
  { switches }: AddArguments,
  terminal: Terminal,
): Promise<number> {
  const { output, signal } = terminal;
  if (signal.aborted) throw new InterruptedError();
  const manager = managerOf(plan.service);
  const files = addedFiles(plan);
  applyAddition(plan);
  const needsInstall = files.some(({ path }) => path === 'package.json') && !switches['no-install'];
  const install = needsInstall
    ? await installInService(plan.service, terminal)
    : ({ install: 'skipped' } as const);
  const outcome = { plan, files, manager, install };
  if (switches.json) printJson(addedJson(plan, files, outcome));
  else print(addedText(outcome, output));
  if (signal.aborted) return 130;
  return install.install === 'failed' ? 1 : 0;
}

/** What is wanted in files that a person's changes keep from being merged. */
async function showConflicts(error: unknown): Promise<void> {
  if (!(error instanceof MergeConflictError)) return;
  const { patchText } = await import('./dry-run.ts');
  for (const { path, before, after } of error.conflicts)
    print(await patchText(path, before, after));
}
