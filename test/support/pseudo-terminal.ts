import { spawn } from '@lydell/node-pty';
import { expect, onTestFinished, vi } from 'vitest';
import { cliFile } from './cli.ts';

/** The keys that tests press. */
export const keys = { down: '\u001b[B', enter: '\r', controlC: '\u0003', controlU: '\u0015' };

/** The command line in a real pseudo-terminal, with somebody who reads the screen and types. */
export function terminal(cwd: string, args: readonly string[]) {
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    TERM: 'xterm-256color',
    HOME: cwd,
  };
  const pty = spawn(process.execPath, [cliFile, ...args], { cols: 100, rows: 40, cwd, env });
  let screen = '';
  pty.onData((data) => {
    screen += data;
  });
  const exited = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
  onTestFinished(() => pty.kill());
  return {
    exited,
    /** Waits until the screen shows a text that it did not show before the last `type`. */
    async see(text: string): Promise<void> {
      await vi.waitFor(() => expect(screen).toContain(text), { timeout: 10_000, interval: 20 });
    },
    type(text: string): void {
      screen = '';
      pty.write(text);
    },
  };
}
