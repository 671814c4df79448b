import { type ParsedAnswers, parseAnswers } from '../answers/parse.ts';
import { applyPlan } from '../apply/apply.ts';
import { InterruptedError } from '../base/errors.ts';
import { generatorVersion } from '../base/package-info.ts';
import type { FoundPackageManager } from '../base/package-manager.ts';
import {
  contextHere,
  type Destination,
  destinationOf,
  nodeIsTooOld,
  packageManagerFor,
  planFor,
} from '../create/create-service.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import { finish } from './finish.ts';
import { print, printJson, warn } from './print.ts';
import { type Outcome, summaryJson, summaryText } from './summary.ts';
import { canAsk, type Terminal } from './terminal.ts';
import { wrapped } from './wrapped.ts';

/** `create-service [NAME]`: writes a new service. Returns the exit code. */
export async function create(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = parseArguments(argv);
  if (args.switches.help) {
    const { helpText } = await import('./help.ts');
    return print(wrapped(helpText(), terminal.output.columns));
  }
  if (args.switches.version) return print(generatorVersion);
  const parsed = await answersFor(args, terminal);
  for (const warning of parsed.warnings) warn(warning, terminal.errors);
  return run(args, parsed, terminal);
}

async function answersFor(args: Arguments, { output }: Terminal): Promise<ParsedAnswers> {
  const { yes, json } = args.switches;
  if (yes || json || !canAsk()) return parseAnswers(args.given, { takeDefaults: yes });
  const { askForMissing } = await import('./prompts.ts');
  return parseAnswers(await askForMissing(args.given, output));
}

async function run(
  args: Arguments,
  { answers, warnings }: ParsedAnswers,
  { output, errors, signal }: Terminal,
): Promise<number> {
  const { switches } = args;
  const destination = await destinationOf(answers.name, args.cwd);
  const context = contextHere(destination, await foundPackageManager(args, destination));
  const plan = planFor(answers, context);
  if (switches['dry-run']) {
    const { dryRunJson, dryRunText } = await import('./dry-run.ts');
    return switches.json
      ? printJson(dryRunJson(plan, destination, warnings))
      : print(await dryRunText(plan, destination.folder, { diff: switches.diff, style: output }));
  }
  if (signal.aborted) throw new InterruptedError();
  applyPlan(plan, { folder: destination.folder, overwrite: switches.force });
  const { packageManager: manager, bundleNode } = context;
  const finished = await finish(destination, answers, manager, args, { signal, style: errors });
  const node = bundleNode ? 'bundled' : nodeIsTooOld() ? 'too old' : 'new enough';
  const outcome: Outcome = { plan, destination, manager, finish: finished, node };
  if (switches.json) printJson(summaryJson(outcome, warnings));
  else print(summaryText(outcome, output));
  if (signal.aborted) return 130;
  return finished.install === 'failed' ? 1 : 0;
}

/** The package manager that was asked for, or that follows from the place, with its version here. */
async function foundPackageManager(
  { packageManager, cwd }: Arguments,
  destination: Destination,
): Promise<FoundPackageManager> {
  const implied = packageManagerFor(destination);
  const name = packageManager ?? implied.name;
  const found: FoundPackageManager = name === implied.name ? implied : { name };
  // What is emitted for npm names no version of it: npm comes with Node.
  if (found.version !== undefined || name === 'npm') return found;
  const { installedVersion } = await import('./installed-version.ts');
  const version = await installedVersion(name, destination.workspace ?? cwd);
  return version === undefined ? { name } : { name, version };
}
