import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { cli, cliFile, startedByNpm, temporaryFolder, treeOf } from '../support/cli.ts';
import { random } from '../support/random.ts';

const args = ['orders', '--yes', '--no-install', '--no-git'];
let complete: Record<string, string>;
/** How long a whole run takes here and now, in milliseconds. */
let duration: number;

beforeAll(async () => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-complete-'));
  const started = performance.now();
  await cli([...args, '--cwd', folder]);
  duration = performance.now() - started;
  complete = await treeOf(folder);
  await fs.rm(folder, { recursive: true });
  expect(Object.keys(complete).length).toBeGreaterThan(50);
});

/** Starts a run and ends it with a signal after some milliseconds. */
async function interrupted(
  cwd: string,
  ms: number,
  signal: NodeJS.Signals,
  extra: string[] = [],
): Promise<void> {
  const child = spawn(process.execPath, [cliFile, ...args, '--cwd', cwd, ...extra], {
    stdio: 'ignore',
    env: { ...process.env, ...startedByNpm, TMPDIR: path.dirname(cwd) },
  });
  const ended = once(child, 'exit');
  await delay(ms);
  child.kill(signal);
  await ended;
}

/** `.ci/long` takes more. */
const kills = Number(process.env.CREATE_SERVICE_KILLS ?? 50);

test.each(['SIGKILL', 'SIGINT'] as const)(
  '%s at random instants leaves the complete service or nothing, and no stray file',
  { timeout: 60_000 + kills * 1000 },
  async (signal) => {
    const next = random(20_261_124);
    const outer = await temporaryFolder();
    let made = 0;
    let latest = duration * 1.5;
    for (let run = 0; run < kills; run += 1) {
      const cwd = path.join(outer, `run-${run}`);
      await fs.mkdir(cwd);
      // The machine may have become slower since the duration was taken.
      if (made < run / 10) latest *= 1.1;
      await interrupted(cwd, next() * latest, signal);
      const tree = await treeOf(cwd);
      if (Object.keys(tree).length > 0) {
        made += 1;
        expect(tree).toEqual(complete);
      }
      await fs.rm(cwd, { recursive: true });
    }
    expect(made).toBeGreaterThan(kills / 20);
    expect(made).toBeLessThan(kills * 0.95);
    await vi.waitFor(async () => expect(await fs.readdir(outer)).toEqual([]), 5000);
  },
);

test('SIGKILL while writing into a folder that a person has leaves all of it old or all of it new', {
  timeout: 120_000,
}, async () => {
  const next = random(7);
  const former = { 'tsconfig.json': 'mine', 'README.md': 'mine too', 'src/own.ts': 'export {};\n' };
  for (let run = 0; run < 40; run += 1) {
    const cwd = await temporaryFolder();
    await fs.mkdir(path.join(cwd, 'orders/src'), { recursive: true });
    for (const [file, text] of Object.entries(former))
      await fs.writeFile(path.join(cwd, 'orders', file), text);
    const before = await treeOf(cwd);
    const after = { ...complete, 'orders/src/own.ts': former['src/own.ts'] };
    await interrupted(cwd, next() * duration * 1.5, 'SIGKILL', ['--force']);
    await vi.waitFor(async () => expect([before, after]).toContainEqual(await treeOf(cwd)), 5000);
  }
});

test('--force keeps what a person wrote beside, and replaces what has the same name', async () => {
  const cwd = await temporaryFolder();
  await fs.mkdir(path.join(cwd, 'orders'));
  await fs.writeFile(path.join(cwd, 'orders/notes.txt'), 'mine');
  await fs.writeFile(path.join(cwd, 'orders/README.md'), 'mine');
  expect((await cli([...args, '--cwd', cwd])).exitCode).toBe(1);
  expect(Object.keys(await treeOf(cwd))).toHaveLength(3);
  expect((await cli([...args, '--cwd', cwd, '--force'])).exitCode).toBe(0);
  expect(await treeOf(cwd)).toEqual({ ...complete, 'orders/notes.txt': 'mine' });
});

test.each([
  ['a file', (target: string) => fs.writeFile(target, 'mine')],
  ['a dangling link', (target: string) => fs.symlink('/nowhere', target)],
  ['a link to a folder', async (target: string) => fs.symlink(await temporaryFolder(), target)],
])('%s in the way is refused, even with --force, and left alone', async (_, place) => {
  const cwd = await temporaryFolder();
  await place(path.join(cwd, 'orders'));
  const before = await treeOf(cwd);
  const { exitCode, stderr } = await cli([...args, '--cwd', cwd, '--force']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/symbolic link|is a file/);
  expect(await treeOf(cwd)).toEqual(before);
});

test('a link inside the folder is not followed', async () => {
  const cwd = await temporaryFolder();
  const outside = await temporaryFolder();
  await fs.mkdir(path.join(cwd, 'orders'));
  await fs.symlink(outside, path.join(cwd, 'orders/src'));
  const before = await treeOf(cwd);
  expect((await cli([...args, '--cwd', cwd, '--force'])).exitCode).toBe(1);
  expect(await treeOf(outside)).toEqual({});
  expect(await treeOf(cwd)).toEqual(before);
});

test('of two runs into the same folder at once, one wins and the other says so', async () => {
  for (let round = 0; round < 10; round += 1) {
    const cwd = await temporaryFolder();
    const runs = await Promise.all([cli([...args, '--cwd', cwd]), cli([...args, '--cwd', cwd])]);
    expect(runs.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
    expect(await treeOf(cwd)).toEqual(complete);
  }
});

const isRoot = process.getuid?.() === 0 && process.platform === 'linux';

test.skipIf(!isRoot)(
  'a full disk and a read-only one are said in a sentence, and nothing is left',
  async () => {
    const folder = await temporaryFolder();
    const mount = async (options: string): Promise<void> => {
      await execa('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
      onTestFinished(() => execa('umount', [folder]).then(() => undefined));
    };
    await mount('size=64k');
    const full = await cli([...args, '--cwd', folder]);
    expect(full).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('the disk is full'),
    });
    expect(await treeOf(folder)).toEqual({});
    await execa('mount', ['-o', 'remount,ro', folder]);
    const readOnly = await cli([...args, '--cwd', folder]);
    expect(readOnly).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('read-only') });
    expect(await treeOf(folder)).toEqual({});
  },
);
