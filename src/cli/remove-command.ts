import { applyChange } from '../apply/apply-change.ts';
import { InterruptedError, MergeConflictError } from '../base/errors.ts';
import { planRemoval } from '../grow/remove-from-service.ts';
import type { ServiceChange } from '../service/service-change.ts';
import { changeJson, changeText, notesText } from './change-report.ts';
import { print, printJson } from './print.ts';
import { parseRemoveArguments, type RemoveArguments } from './remove-arguments.ts';
import type { Terminal } from './terminal.ts';
import { wrapped } from './wrapped.ts';

/** `create-service remove KIND NAME`: the opposite of `add`, where there is one. Returns the exit code. */
export async function remove(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = parseRemoveArguments(argv);
  if (args.help) {
    const { removeHelpText } = await import('./remove-help.ts');
    return print(wrapped(removeHelpText(), terminal.output.columns));
  }
  const plan = await planRemoval(args.kind, args.name, { cwd: args.cwd, look: args.dryRun }).catch(
    async (error: unknown) => {
      if (args.diff && !args.json) await showChanges(error);
      throw error;
    },
  );
  return args.dryRun ? show(plan, args, terminal) : write(plan, args, terminal);
}

async function show(plan: ServiceChange, args: RemoveArguments, { output }: Terminal) {
  if (args.json) return printJson(changeJson(plan, { dryRun: true }));
  const { dryRunText } = await import('./dry-run.ts');
  const { service, does, notes } = plan;
  const text = await dryRunText(plan, service.folder, { diff: args.diff, style: output });
  return print([`${service.manifest.name} ${does}.`, text, ...notesText(notes, output)].join('\n'));
}

function write(
  plan: ServiceChange,
  { json }: RemoveArguments,
  { output, signal }: Terminal,
): number {
  if (signal.aborted) throw new InterruptedError();
  const text = json ? '' : changeText(plan, output);
  const data = changeJson(plan, { dryRun: false });
  applyChange(plan);
  return json ? printJson(data) : print(text);
}

/** What a person has changed in files that would go. */
async function showChanges(error: unknown): Promise<void> {
  if (!(error instanceof MergeConflictError)) return;
  const { patchText } = await import('./dry-run.ts');
  for (const { path, before, after } of error.conflicts)
    print(await patchText(path, before, after));
}
