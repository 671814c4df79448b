#!/usr/bin/env node
import { type ParsedAnswers, parseAnswers } from '../answers/parse.ts';
import { applyPlan } from '../apply/apply.ts';
import {
  contextHere,
  type Destination,
  destinationOf,
  nodeIsTooOld,
  packageManagerFor,
  planFor,
} from '../create-service.ts';
import { CreateServiceError, InterruptedError, reasonOf } from '../errors.ts';
import { generatorVersion } from '../package-info.ts';
import type { FoundPackageManager } from '../package-manager.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import { finish } from './finish.ts';
import { type Outcome, summaryJson, summaryText } from './summary.ts';
import { canAsk, type Style, styleOf } from './terminal.ts';
import { wrapped } from './wrapped.ts';

const argv = process.argv.slice(2);
const errors = styleOf(process.stderr, process.env);
const output = styleOf(process.stdout, process.env);

/** Reads the command line, does what it says, and returns the exit code. */
async function main(signal: AbortSignal): Promise<number> {
  const args = parseArguments(argv);
  if (args.switches.help) {
    const { helpText } = await import('./help.ts');
    return print(wrapped(helpText(), output.columns));
  }
  if (args.switches.version) return print(generatorVersion);
  const parsed = await answersFor(args);
  for (const warning of parsed.warnings) warn(warning);
  return run(args, parsed, signal);
}

async function answersFor(args: Arguments): Promise<ParsedAnswers> {
  const { yes, json } = args.switches;
  if (yes || json || !canAsk()) return parseAnswers(args.given, { takeDefaults: yes });
  const { askForMissing } = await import('./prompts.ts');
  return parseAnswers(await askForMissing(args.given, output));
}

async function run(
  args: Arguments,
  { answers, warnings }: ParsedAnswers,
  signal: AbortSignal,
): Promise<number> {
  const { switches } = args;
  const destination = await destinationOf(answers.name, args.cwd);
  const context = contextHere(destination, await foundPackageManager(args, destination));
  const plan = planFor(answers, context);
  if (switches['dry-run']) {
    const { dryRunJson, dryRunText } = await import('./dry-run.ts');
    return switches.json
      ? printJson(dryRunJson(plan, destination, warnings))
      : print(await dryRunText(plan, destination, { diff: switches.diff, style: output }));
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

function print(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}

function printJson(value: object): 0 {
  return print(JSON.stringify(value, null, 2));
}

function warn(message: string): void {
  process.stderr.write(`${wrapped(`${errors.yellow('!')} ${message}`, errors.columns)}\n`);
}

/** The only place that turns an error into words: one sentence, and what to type instead. */
function report(error: unknown, style: Style): number {
  const known = error instanceof CreateServiceError;
  const message = known ? error.message : `create-service failed unexpectedly: ${reasonOf(error)}`;
  const lines = [`${style.red('✗')} ${message}`];
  if (known && error.hint !== undefined) lines.push(`  Try: ${error.hint}`);
  process.stderr.write(`${wrapped(lines.join('\n'), style.columns)}\n`);
  if (argv.includes('--json')) {
    const code = known ? error.code : 'UNEXPECTED';
    printJson({
      ok: false,
      error: { code, message, ...(known && error.hint ? { hint: error.hint } : {}) },
    });
  }
  return known ? error.exitCode : 1;
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  });
}
// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', () => process.exit(0));

main(interruption.signal)
  .catch((error: unknown) => report(error, errors))
  .then(end);

/** Exits once all that was said is out: to wind the engine down first takes as long as writing the files. */
function end(exitCode: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
}
