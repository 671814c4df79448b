import { applyChange } from '../apply/apply-change.ts';
import { BadInputError, InterruptedError } from '../base/errors.ts';
import type { PackageManager } from '../base/package-manager.ts';
import { type InstalledChassis, installedChassis } from '../eject/installed-chassis.ts';
import { baseFolder, placesOf } from '../eject/places.ts';
import { changedSince, planEject, planUneject } from '../eject/plan.ts';
import { surroundingsOf } from '../grow/add-to-service.ts';
import type { Service } from '../service/find-service.ts';
import type { ServiceChange } from '../service/service-change.ts';
import { changeJson, changeLines, changeText, nextText } from './change-report.ts';
import { type EjectArguments, parseEjectArguments } from './eject-arguments.ts';
import { installInService, managerOf } from './install-in-service.ts';
import { print, printJson } from './print.ts';
import type { Style, Terminal } from './terminal.ts';
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
  return args.dryRun ? show(change, part, args, terminal) : write(change, part, args, terminal);
}

function missing({ parts }: InstalledChassis): never {
  throw new BadInputError(
    `Which part shall be ejected is missing; there are: ${parts.join(', ')}.`,
    `create-service eject ${parts[0]}`,
  );
}

function show(
  change: ServiceChange,
  part: string,
  { json }: EjectArguments,
  { output }: Terminal,
): number {
  if (json) return printJson(changeJson(change, { dryRun: true }));
  const { folder, manifest } = change.service;
  const title = `Nothing is written. Without --dry-run ${manifest.name} ${change.does} (in ${folder}):`;
  return print([title, ...changeLines(change, output, foldersOf(part))].join('\n'));
}

/** Of which not each file is listed. */
function foldersOf(part: string): readonly string[] {
  return [...placesOf(part), baseFolder];
}

async function write(
  change: ServiceChange,
  part: string,
  { json, install, undo }: EjectArguments,
  terminal: Terminal,
): Promise<number> {
  const { output, signal } = terminal;
  if (signal.aborted) throw new InterruptedError();
  const text = changeText(change, output, foldersOf(part));
  const data = changeJson(change, { dryRun: false });
  applyChange(change);
  const needsInstall = change.files.some(({ path }) => path === 'package.json');
  const installed =
    needsInstall && install
      ? await installInService(change.service, terminal)
      : ({ install: 'skipped' } as const);
  const manager = managerOf(change.service);
  const next = nextText(change.service, manager, {
    needsInstall: needsInstall && installed.install !== 'done',
  });
  if (json) printJson({ ...data, ...installed, next });
  else {
    const steps = next.map((line) => `  ${output.bold(line)}`).join('\n');
    const later = undo ? '' : `\n\n${laterText(part, manager, output)}`;
    print(`${text}\n\nNext:\n${steps}${later}`);
  }
  if (signal.aborted) return 130;
  return installed.install === 'failed' ? 1 : 0;
}

/** What a person types when the chassis has a new version, or when the part was better in it. */
function laterText(part: string, manager: PackageManager, style: Style): string {
  const command = (flag: string): string =>
    style.bold(`${manager} create service eject ${part} ${manager === 'npm' ? '-- ' : ''}${flag}`);
  return `Later:
  ${command('--diff')}   what newer versions of service-chassis change of it
  ${command('--undo')}   takes it from the package again`;
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
  const files = changes.length === 1 ? '1 file' : `${changes.length} files`;
  const title = `service-chassis ${chassis.version} has changed ${files} of ${part} since ${since}; \`git apply\` takes this patch.`;
  return print([title, ...(await Promise.all(patches))].join('\n'));
}
