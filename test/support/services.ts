import fs from 'node:fs/promises';
import { expect } from 'vitest';
import { cli } from './cli.ts';

/** Creates services beside each other: name → the flags of its choices. Nothing is installed. */
export async function servicesIn(
  root: string,
  services: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  for (const [name, choices] of Object.entries(services)) {
    const args = [name, '--yes', ...choices, '--no-install', '--no-git', '--cwd', root];
    const { exitCode, stderr } = await cli(args);
    expect(exitCode, stderr).toBe(0);
  }
}

/** Changes a file as a person would; it is an error when nothing changes. */
export async function edit(file: string, change: (text: string) => string): Promise<void> {
  const text = await fs.readFile(file, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await fs.writeFile(file, changed);
}
