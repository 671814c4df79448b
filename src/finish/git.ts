import { execa } from 'execa';

/** How far version control came: not every machine has git, nor every git a user's name. */
export type GitResult = 'committed' | 'initialised' | 'skipped';

/**
 * Makes the service a git repository with everything in a first commit, unless it already lies in
 * one. What a machine lacks for that is not an error.
 */
export async function startRepository(folder: string, message: string): Promise<GitResult> {
  const git = async (...args: string[]): Promise<boolean> => {
    const { failed } = await execa('git', args, { cwd: folder, stdin: 'ignore', reject: false });
    return !failed;
  };
  if (await git('rev-parse', '--is-inside-work-tree')) return 'skipped';
  if (!(await git('-c', 'init.defaultBranch=main', 'init', '--quiet'))) return 'skipped';
  const committed = (await git('add', '--all')) && (await git('commit', '--quiet', '-m', message));
  return committed ? 'committed' : 'initialised';
}
