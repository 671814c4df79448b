import { spawn } from '@lydell/node-pty';
import { expect, onTestFinished, vi } from 'vitest';
import { cliFile } from './cli.ts';

/** The keys that tests press. */
export const keys = {
  up: '\u001b[A',
  down: '\u001b[B',
  enter: '\r',
  controlC: '\u0003',
  controlU: '\u0015',
};

/** How a terminal is and what it runs in. */
interface TerminalOptions {
  readonly columns?: number;
  /** Besides PATH, HOME and TERM=xterm-256color. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The command line in a real pseudo-terminal. */
export function terminal(cwd: string, args: readonly string[], options: TerminalOptions = {}) {
  const { columns = 100, env = {} } = options;
  const pty = spawn(process.execPath, [cliFile, ...args], {
    cols: columns,
    rows: 40,
    cwd,
    env: { PATH: process.env.PATH ?? '', TERM: 'xterm-256color', HOME: cwd, ...env },
  });
  let screen = '';
  let all = '';
  pty.onData((data) => {
    screen += data;
    all += data;
  });
  const exited = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
  onTestFinished(() => pty.kill());
  return {
    exited,
    /** Waits for the end, and returns all that was written, escape sequences included. */
    async output(): Promise<string> {
      await exited;
      return all;
    },
    /** Waits until the screen shows a text that it did not show before the last `type`. */
    async see(text: string): Promise<void> {
      await vi.waitFor(() => expect(screen).toContain(text), { timeout: 10_000, interval: 20 });
    },
    type(keys: string): void {
      screen = '';
      pty.write(keys);
    },
  };
}
