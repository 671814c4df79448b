import type { MergeInput } from './merge-input.ts';
import { installScripts } from './package-json.ts';
import { yaml } from './yaml.ts';

/**
 * `pnpm-workspace.yaml`: pnpm's settings, here whose install scripts may run. None for other package
 * managers, nor for a member of a workspace, which has the file at its root.
 */
export function pnpmWorkspace(input: MergeInput): string | undefined {
  const { packageManager, workspacePath } = input.context;
  if (packageManager !== 'pnpm' || workspacePath !== undefined) return undefined;
  return yaml({ allowBuilds: installScripts(input) });
}
