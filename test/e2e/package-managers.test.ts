import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { cliFile, temporaryFolder } from '../support/cli.ts';
import { type LocalRegistry, startLocalRegistry } from '../support/local-registry.ts';
import { freePort } from '../support/ports.ts';

/**
 * A folder with pnpm, Yarn 4 and bun; without it these tests are skipped. npm has package.test.ts and
 * npm-parent.test.ts.
 */
const managers = process.env.CREATE_SERVICE_PACKAGE_MANAGERS;

let registry: LocalRegistry | undefined;

beforeAll(async () => {
  if (managers !== undefined) registry = await startLocalRegistry();
});

afterAll(() => registry?.stop());

test.skipIf(managers === undefined).for([
  ['pnpm', 'both'],
  ['yarn', 'sync'],
  ['bun', 'sync'],
] as const)(
  '%s installs a service of style %s with an embedded PostgreSQL, and runs all of its scripts',
  { timeout: 480_000 },
  async ([manager, style]) => {
    const cwd = await temporaryFolder();
    const env = environmentFor(manager);
    const flags = ['--yes', '--style', style, '--package-manager', manager, '--json', '--no-git'];
    const made = await execa('node', [cliFile, 'orders', ...flags], { cwd, ...quietly(env) });
    expect(made.failed, made.all).toBe(false);
    const folder = path.join(cwd, 'orders');
    const before = await manifest(folder);

    for (const script of ['typecheck', 'lint', 'test']) {
      const { failed, all } = await execa(manager, ['run', script], {
        cwd: folder,
        ...quietly(env),
      });
      expect(failed, all).toBe(false);
    }
    await startsAndEnds(manager, folder, env);
    const frozen = await execa(manager, frozenInstall[manager], { cwd: folder, ...quietly(env) });
    expect(frozen.failed, frozen.all).toBe(false);
    expect(await manifest(folder), 'the package manager rewrote package.json').toBe(before);
  },
);

/** As the emitted CI workflow installs. */
const frozenInstall = {
  pnpm: ['install', '--frozen-lockfile'],
  yarn: ['install', '--immutable'],
  bun: ['install', '--frozen-lockfile'],
};

/**
 * The package managers, and the system's Node, which may be too old: then the service brings its own,
 * except with Yarn, which gets ours. Nothing of this project's own `node_modules/.bin` is found.
 */
function environmentFor(manager: string): NodeJS.ProcessEnv {
  const system = process.env.PATH?.split(path.delimiter) ?? [];
  const folders = [
    managers,
    ...(manager === 'yarn' ? [path.dirname(process.execPath)] : []),
    ...system.filter((folder) => !folder.includes('node_modules')),
  ];
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))),
    ...registry?.environment,
    PATH: folders.join(path.delimiter),
    CI: 'true',
    DATABASE_URL: '',
  };
}

function quietly(env: NodeJS.ProcessEnv) {
  return { env, extendEnv: false, stdin: 'ignore', all: true, reject: false } as const;
}

function manifest(folder: string): Promise<string> {
  return fs.readFile(path.join(folder, 'package.json'), 'utf8');
}

/** SIGTERM to the package manager that runs `dev` ends the service and its PostgreSQL too. */
async function startsAndEnds(
  manager: string,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const port = String(await freePort());
  const child: ChildProcess = spawn(manager, ['run', 'dev'], {
    cwd: folder,
    env: { ...env, PORT: port },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ready = () =>
    fetch(`http://127.0.0.1:${port}/health/ready`).then(
      ({ status }) => status,
      () => 'gone',
    );
  await vi.waitFor(async () => expect(await ready()).toBe(200), 30_000);
  expect((await processesOf(folder)).join('\n')).toContain('postgres');
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  await vi.waitFor(async () => {
    expect(await ready()).toBe('gone');
    expect(await processesOf(folder)).toEqual([]);
  }, 15_000);
}

/** The command lines of all processes that work in a folder or name it. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await fs.readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = pids.map(async (pid) => {
    const command = await fs.readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const cwd = await fs.readlink(`/proc/${pid}/cwd`).catch(() => '');
    return `${command} ${cwd}`.includes(folder) ? [command.replaceAll('\0', ' ')] : [];
  });
  return (await Promise.all(commands)).flat();
}
