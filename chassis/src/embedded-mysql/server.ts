import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endLeftBehind, freePort } from '../stand-ins/index.ts';

/**
 * A process that runs MariaDB or MySQL in a folder, prints its URL, and stops it when its standard
 * input closes: so the server ends with whoever started it, even one that is killed.
 *
 * Usage: node server.ts FOLDER PROGRAM [INSTALLER], the last to make a new data folder of MariaDB.
 */
const [folder = '', program = '', installer] = process.argv.slice(2);
const data = path.resolve(folder, 'data');
const pidFile = path.resolve(folder, 'server.pid');
const log = `--log-error=${path.resolve(folder, 'error.log')}`;
// The user that the server is to be, which it refuses to be unless told.
const user = process.getuid?.() === 0 ? ['--user=root'] : [];
await fs.mkdir(folder, { recursive: true });
await endLeftBehind(pidFile, data, 'SIGTERM');
if (!(await isThere(path.join(data, 'mysql')))) await initialise();
const port = await freePort();
// A socket's path may have 107 characters only.
const socket = path.join(os.tmpdir(), `mysql-${process.pid}.sock`);
const server = spawn(
  program,
  [
    '--no-defaults',
    ...user,
    `--datadir=${data}`,
    `--port=${port}`,
    `--socket=${socket}`,
    `--pid-file=${pidFile}`,
    log,
    '--bind-address=127.0.0.1',
    // MySQL's other protocol, which would be on one port for all, and open to the network.
    '--loose-mysqlx=OFF',
    // MySQL's own folder for files may not be there.
    `--secure-file-priv=${path.resolve(folder)}`,
    '--skip-log-bin',
    // Development and tests: what the last second before a power cut brought may be lost.
    '--innodb-flush-log-at-trx-commit=2',
  ],
  { stdio: 'ignore' },
);
server.once('exit', () => process.exit(1));
process.stdin.resume().on('end', () => stop(server));
while (!(await accepts(port))) await delay(20);
console.log(`mysql://root@127.0.0.1:${port}`);

async function stop(child: ChildProcess): Promise<void> {
  child.removeAllListeners('exit');
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
  process.exit(0);
}

async function initialise(): Promise<void> {
  await fs.rm(data, { recursive: true, force: true });
  const forMariadb = ['--auth-root-authentication-method=normal', '--skip-test-db'];
  if (program.endsWith('mariadbd') && installer !== undefined)
    run(installer, ['--no-defaults', ...user, `--datadir=${data}`, ...forMariadb]);
  else run(program, ['--no-defaults', ...user, `--datadir=${data}`, log, '--initialize-insecure']);
}

function run(file: string, args: readonly string[]): void {
  execFileSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

function isThere(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

function accepts(at: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(at, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    probe.on('connect', () => probe.destroy());
  });
}
