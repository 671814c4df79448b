import type { TreeChange } from '../apply/change-tree.ts';
import { targetState } from '../apply/target.ts';
import type { Destination } from '../create/create-service.ts';
import { compareWithDisk } from '../plan/compare.ts';
import type { Plan } from '../plan/plan.ts';
import { treeText } from './report.ts';
import type { Style } from './terminal.ts';
import { unbroken, wrapped } from './wrapped.ts';

/** What a run would write, for a person: the tree, and with `diff` the changes to files that exist. */
export async function dryRunText(
  plan: TreeChange,
  folder: string,
  options: { diff: boolean; style: Style },
): Promise<string> {
  const compared = targetState(folder) === 'absent' ? [] : compareWithDisk(plan, folder);
  const changed = compared.filter(({ state }) => state === 'changed');
  const parts = [
    `Would write ${plan.files.length} files into ${unbroken(folder)}:`,
    '',
    treeText(plan.files, options.style),
  ];
  if (changed.length > 0)
    parts.push(
      '',
      `Of these exist and would change: ${changed.map(({ path }) => path).join(', ')}`,
    );
  const { removed = [] } = plan;
  if (removed.length > 0)
    parts.push('', `Would remove ${removed.length} files: ${removed.join(', ')}`);
  const patches: string[] = [];
  if (options.diff) {
    for (const { path, former = '', contents } of changed)
      patches.push('', await patchText(path, former, contents));
  }
  return [wrapped(parts.join('\n'), options.style.columns), ...patches].join('\n');
}

/** The change of one file as a patch. */
export async function patchText(path: string, before: string, after: string): Promise<string> {
  const { createTwoFilesPatch } = await import('diff');
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after).trimEnd();
}

/** The same as data, for `--json`. */
export function dryRunJson(
  plan: Plan,
  { folder }: Destination,
  warnings: readonly string[],
): object {
  const states = new Map(
    (targetState(folder) === 'absent' ? [] : compareWithDisk(plan, folder)).map(
      ({ path, state }) => [path, state],
    ),
  );
  return {
    ok: true,
    dryRun: true,
    name: plan.answers.name,
    folder,
    answers: plan.answers,
    files: plan.files.map(({ path, contents }) => ({
      path,
      size: Buffer.byteLength(contents),
      state: states.get(path) ?? 'new',
    })),
    warnings,
  };
}
