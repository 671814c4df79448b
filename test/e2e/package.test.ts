import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { packageRoot, temporaryFolder } from '../support/cli.ts';

test('the packed package, installed from its tarball, creates a service whose scripts all pass', {
  timeout: 240_000,
}, async () => {
  const cwd = await temporaryFolder();
  const pack = await execa('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', cwd], {
    cwd: packageRoot,
  });
  const tarball = (await fs.readdir(cwd)).find((file) => file.endsWith('.tgz'));
  expect(tarball, pack.stdout).toBeDefined();
  const env = { CI: 'true', DATABASE_URL: '' };
  await execa(
    'npm',
    [
      'exec',
      '--yes',
      `--package=./${tarball}`,
      '--',
      'create-service',
      'shipping',
      '--yes',
      '--style',
      'both',
    ],
    {
      cwd,
      env,
      stdin: 'ignore',
    },
  );
  const folder = path.join(cwd, 'shipping');
  expect(await fs.readdir(folder)).toEqual(
    expect.arrayContaining(['package-lock.json', '.git', 'node_modules']),
  );
  for (const name of ['typecheck', 'lint', 'test']) {
    const { failed, all } = await execa('npm', ['run', name], {
      cwd: folder,
      env,
      all: true,
      reject: false,
      stdin: 'ignore',
    });
    expect(failed, all).toBe(false);
  }
});
