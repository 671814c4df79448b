import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished, vi } from 'vitest';
import { packageRoot } from './cli.ts';
import { freePort } from './ports.ts';

/**
 * A registry of our own (verdaccio) that holds what a test publishes and asks the configured registry
 * for everything else. Returns its URL and an npmrc that may publish to it.
 */
export async function startRegistry(folder: string): Promise<{ url: string; npmrc: string }> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { stdout: uplink } = await execa('npm', ['config', 'get', 'registry'], { cwd: folder });
  const config = {
    storage: path.join(folder, 'storage'),
    uplinks: { upstream: { url: uplink.trim(), timeout: '60s' } },
    packages: {
      'create-service': { access: '$all', publish: '$all' },
      '**': { access: '$all', proxy: 'upstream' },
    },
    log: { type: 'stdout', level: 'fatal' },
  };
  const file = path.join(folder, 'verdaccio.yaml');
  await fs.writeFile(file, JSON.stringify(config));
  const program = path.join(packageRoot, 'node_modules/.bin/verdaccio');
  const server = spawn(program, ['--config', file, '--listen', url], { stdio: 'ignore' });
  onTestFinished(() => void server.kill('SIGKILL'));
  await vi.waitFor(async () => {
    const answer = await fetch(`${url}/-/ping`);
    if (!answer.ok) throw new Error('the registry does not answer');
  }, 30_000);
  const npmrc = path.join(folder, 'npmrc');
  const host = url.replace('http:', '');
  await fs.writeFile(
    npmrc,
    `registry=${url}/\n${host}/:_authToken=anybody\nupdate-notifier=false\n`,
  );
  return { url, npmrc };
}
