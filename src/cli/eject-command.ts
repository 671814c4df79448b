import { applyChange } from '../apply/apply-change.ts';
import { BadInputError, InterruptedError } from '../base/errors.ts';
import { type InstalledChassis, installedChassis } from '../eject/installed-chassis.ts';
import { changedSince, planEject, planUneject } from '../eject/plan.ts';
import { surroundingsOf } from '../grow/add-to-service.ts';
import type { Service } from '../service/find-service.ts';
import type { ServiceChange } from '../service/service-change.ts';
import { changeJson, changeText, nextText } from './change-report.ts';
import { type EjectArguments, parseEjectArguments } from './eject-arguments.ts';
import { installInService, managerOf } from './install-in-service.ts';
import { print, printJson } from './print.ts';
import type { Terminal } from './terminal.ts';
import { wrapped } from './wrapped.ts';

/** `create-service eject PART`: makes a part of the chassis the service's own. Returns the exit code. */
export async function eject(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = parseEjectArguments(argv);
  if (args.help) {
    const { ejectHelpText } = await import('./eject-help.ts');
    return print(wrapped(ejectHelpText(), terminal.output.columns));
  }
  const { service } = await surroundingsOf(args.cwd, { look: args.dryRun || args.diff });
  const chassis = installedChassis(service.folder);
  const part = args.part ?? missing(chassis);
  if (args.diff) return showChanges(service, chassis, part, args);
  const change = args.undo ? planUneject(service, part) : planEject(service, chassis, part);
  return args.dryRun ? show(change, args, terminal) : write(change, args, terminal);
}

function missing({ parts }: InstalledChassis): never {
  throw new BadInputError(
    `Which part shall be ejected is missing; there are: ${parts.join(', ')}.`,
    `create-service eject ${parts[0]}`,
  );
}

async function show(change: ServiceChange, { json }: EjectArguments, { output }: Terminal) {
  if (json) return printJson(changeJson(change, { dryRun: true }));
  const { dryRunText } = await import('./dry-run.ts');
  const text = await dryRunText(change, change.service.folder, { diff: false, style: output });
  return print([`${change.service.manifest.name} ${change.does}.`, text].join('\n'));
}

async function write(
  change: ServiceChange,
  { json, install }: EjectArguments,
  terminal: Terminal,
): Promise<number> {
  const { output, signal } = terminal;
  if (signal.aborted) throw new InterruptedError();
  const text = changeText(change, output);
  const data = changeJson(change, { dryRun: false });
  applyChange(change);
  const needsInstall = change.files.some(({ path }) => path === 'package.json');
  const installed =
    needsInstall && install
      ? await installInService(change.service, terminal)
      : ({ install: 'skipped' } as const);
  const next = nextText(change.service, managerOf(change.service), {
    needsInstall: needsInstall && installed.install !== 'done',
  });
  if (json) printJson({ ...data, ...installed, next });
  else print(`${text}\n\nNext:\n${next.map((line) => `  ${output.bold(line)}`).join('\n')}`);
  if (signal.aborted) return 130;
  return installed.install === 'failed' ? 1 : 0;
}

/** As patches: of each file from what was ejected to what the installed chassis has. */
async function showChanges(
  service: Service,
  chassis: InstalledChassis,
  part: string,
  { json }: EjectArguments,
): Promise<number> {
  const { since, changes } = changedSince(service, chassis, part);
  if (json) return printJson({ ok: true, part, since, version: chassis.version, changes });
  if (changes.length === 0)
    return print(`service-chassis ${chassis.version} has ${part} as ${since} had it.`);
  const { patchText } = await import('./dry-run.ts');
  const patches = changes.map(({ path, before, after }) => patchText(path, before, after));
  return print((await Promise.all(patches)).join('\n'));
}
