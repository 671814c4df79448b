import { stripVTControlCharacters } from 'node:util';
import type { Answers } from '../answers/choices.ts';
import type { PackageManager } from '../base/package-manager.ts';
import type { Destination } from '../create/create-service.ts';
import type { GitResult } from '../finish/git.ts';
import type { Arguments } from './arguments.ts';
import type { Style } from './terminal.ts';
import { cut } from './wrapped.ts';

/** What happened after the files were written. */
export interface Finish {
  readonly install: 'done' | 'failed' | 'skipped';
  readonly installFailure?: string;
  readonly git: GitResult;
}

/** Installs and starts a repository, as far as wanted; neither can lose the service. */
export async function finish(
  destination: Destination,
  answers: Answers,
  manager: PackageManager,
  { switches }: Arguments,
  options: { signal: AbortSignal; style: Style },
): Promise<Finish> {
  const { folder, workspace } = destination;
  const installed = switches['no-install']
    ? ({ install: 'skipped' } as const)
    : await installDependencies(destination, manager, options);
  const wantsGit = !switches['no-git'] && workspace === undefined && !options.signal.aborted;
  return { ...installed, git: wantsGit ? await repository(folder, answers) : 'skipped' };
}

/** Installs in a service's folder, showing that it lasts; a failure is told, never thrown. */
export async function installDependencies(
  { folder, memberPath }: Pick<Destination, 'folder' | 'memberPath'>,
  manager: PackageManager,
  { signal, style }: { signal: AbortSignal; style: Style },
): Promise<Omit<Finish, 'git'>> {
  const { install } = await import('../finish/install.ts');
  const progress = showProgress(`Installing with ${manager}`, style);
  const isMember = memberPath !== undefined;
  const result = await install(folder, manager, { isMember, signal, onOutput: progress.tell });
  progress.stop();
  return result.ok ? { install: 'done' } : { install: 'failed', installFailure: result.reason };
}

async function repository(folder: string, answers: Answers): Promise<GitResult> {
  const { startRepository } = await import('../finish/git.ts');
  return startRepository(folder, `Create ${answers.name} with create-service`);
}

/** One line that lives while something lasts; in a log, one line and no more. */
function showProgress(what: string, style: Style): { tell(line: string): void; stop(): void } {
  const started = Date.now();
  if (!style.interactive) {
    process.stderr.write(`${what} …\n`);
    return { tell: () => undefined, stop: () => undefined };
  }
  let last = '';
  const draw = (): void => {
    const seconds = Math.round((Date.now() - started) / 1000);
    const text = cut(`${what} … ${seconds} s ${last}`, style.columns - 1);
    process.stderr.write(`\r\u001b[K${style.dim(text)}`);
  };
  const timer = setInterval(draw, 200);
  draw();
  return {
    tell: (line) => {
      last = stripVTControlCharacters(line).replaceAll('\t', ' ');
    },
    stop: () => {
      clearInterval(timer);
      process.stderr.write('\r\u001b[K');
    },
  };
}
