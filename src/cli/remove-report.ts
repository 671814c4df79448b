import { compareWithDisk } from '../plan/compare.ts';
import type { RemovalPlan } from '../strangler/removal.ts';
import { notesText } from './add-report.ts';
import type { Style } from './terminal.ts';

/** What was removed, for a person; to be called before it is. */
export function removedText(plan: RemovalPlan, style: Style): string {
  const { service, does, notes } = plan;
  return [
    `${style.green('✓')} ${style.bold(service.manifest.name)} ${does} (in ${service.folder})`,
    ...filesOf(plan).map(({ path, state }) => `  ${style.dim(state.padEnd(8))} ${path}`),
    ...notesText(notes, style),
  ].join('\n');
}

/** The same as data, for `--json`. */
export function removedJson(plan: RemovalPlan, { dryRun }: { dryRun: boolean }): object {
  const { service, does, notes } = plan;
  return {
    ok: true,
    ...(dryRun ? { dryRun } : {}),
    name: service.manifest.name,
    does,
    folder: service.folder,
    files: filesOf(plan),
    notes,
  };
}

function filesOf({ service, files, removed }: RemovalPlan) {
  const written = compareWithDisk({ files }, service.folder).map(({ path, state }) => ({
    path,
    state,
  }));
  const gone = removed.map((path) => ({ path, state: 'removed' as const }));
  return [...written, ...gone].sort((a, b) => (a.path < b.path ? -1 : 1));
}
