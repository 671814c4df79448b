import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { NoServerError } from './no-server-error.ts';

/** A server of this machine, for development and tests. */
export interface LocalServer {
  /** Where it is, without a database of the service's own. */
  readonly url: string;
  stop(): Promise<void>;
}

interface ProgramSettings {
  /** What to say when the program ends before its server is there. */
  readonly otherwise: string;
  /** Variables that it has besides those of this process. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Starts a server by a program of Node.js in a process of its own. The program prints the server's URL as
 * its first line, and stops the server when its standard input closes: so it ends with this process,
 * however that ends.
 *
 * @throws NoServerError
 */
export async function startProgram(
  file: string,
  args: readonly string[],
  { otherwise, environment }: ProgramSettings,
): Promise<LocalServer> {
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Not in our process group: Ctrl-C must not stop it before the service has finished with it.
    detached: true,
    ...(environment === undefined ? {} : { env: environment }),
  });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const [url] = await Promise.race([once(lines, 'line'), exited.then(() => [undefined])]);
  if (typeof url !== 'string') throw new NoServerError(otherwise);
  return {
    url,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}
