import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, temporaryFolder, treeOf } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link } from '../support/emitted.ts';
import { servicesIn } from '../support/services.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

/** What a person writes into a file of some kind, so that it still does its work. */
function edited(file: string, text: string): string {
  if (file === '.node-version') return '24.21.0\n';
  if (file === 'biome.json') return text.replace('{\n', '{\n  "vcs": { "enabled": false },\n');
  if (file.endsWith('.json')) return text.replace('{\n', '{\n  "ours": "by hand",\n');
  if (file.endsWith('.ts')) return `// Ours: by hand.\n\n${text}\n// Ours: the end.\n`;
  if (file.endsWith('.md')) return text.replace('\n', '\n\nOurs: ask Ann.\n');
  return `# Ours: by hand.\n${text}# Ours: the end.\n`;
}

/** The lines of one text that another has not, in the order in which it has the rest. */
function missing(lines: readonly string[], within: readonly string[]): string[] {
  let from = 0;
  return lines.filter((line) => {
    const found = within.indexOf(line, from);
    if (found >= 0) from = found + 1;
    return found < 0;
  });
}

test('a service with hand edits in every file grows, and every edit stays', {
  timeout: 300_000,
}, async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: ['--style', 'sync'] });
  const folder = path.join(root, 'orders');
  const emitted = await treeOf(folder);
  const files = Object.keys(emitted).filter((file) => emitted[file] !== '<folder>');
  for (const file of files)
    await fs.writeFile(path.join(folder, file), edited(file, emitted[file] ?? ''));
  const byHand = await treeOf(folder);
  await link(folder, dependencies);

  for (const args of [
    ['handler', 'parcel-lost', '--from', 'parcels', '--bus', 'rabbitmq'],
    ['event', 'order-shipped'],
  ]) {
    const { exitCode, stderr } = await cli(['add', ...args, '--no-install'], { cwd: folder });
    expect(exitCode, stderr).toBe(0);
  }

  const grown = await treeOf(folder);
  for (const file of files) {
    const before = (emitted[file] ?? '').split('\n');
    const ours = (byHand[file] ?? '').split('\n');
    const now = (grown[file] ?? '').split('\n');
    // What the generator wrote, the generator may replace; what was written by hand stays in place.
    const lost = missing(ours, now).filter((line) => !before.includes(line));
    expect(lost, file).toEqual([]);
  }
  await expectScript(folder, 'typecheck');
  await expectScript(folder, 'lint');
  await expectScript(folder, 'test');
});
