import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, temporaryFolder, treeOf } from '../support/cli.ts';

/** The versions besides this one that the command line must run on, with a binary of each that there is. */
const binaries = (process.env.CREATE_SERVICE_NODES ?? '')
  .split(path.delimiter)
  .filter((node) => node !== '')
  .map((node) => ({
    node,
    version: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(),
  }));
const versions = ['v20.19', 'v22', 'v26'].map((version) => ({
  version,
  node: binaries.find((binary) => binary.version.startsWith(`${version}.`))?.node ?? '',
}));

const quick = ['--yes', '--no-install', '--no-git'];

describe.each(versions)('$version', ({ version, node }) => {
  const onVersion = test.skipIf(node === '');

  onVersion('creates what Node 24 does', async () => {
    const [here, there] = [await temporaryFolder(), await temporaryFolder()];
    const args = ['shipping', '--style', 'both', ...quick, '--cwd'];
    expect((await cli([...args, here])).exitCode).toBe(0);
    expect(await cli([...args, there], { node })).toMatchObject({ exitCode: 0, stderr: '' });
    const tree = await treeOf(there);
    const manifest = JSON.parse(tree['shipping/package.json'] ?? '');
    const isOld = Number.parseInt(version.slice(1), 10) < 24;
    expect(manifest.devDependencies.node !== undefined).toBe(isOld);
    expect(manifest.allowScripts.node === true).toBe(isOld);
    delete manifest.devDependencies.node;
    delete manifest.allowScripts.node;
    tree['shipping/package.json'] = `${JSON.stringify(manifest, null, 2)}\n`;
    const record = tree['shipping/service.json'] ?? '';
    expect(record).toContain(`"bundleNode": ${isOld}`);
    tree['shipping/service.json'] = record.replace('"bundleNode": true', '"bundleNode": false');
    expect(tree).toEqual(await treeOf(here));
  });

  onVersion('makes a repository, and goes where a pnpm workspace says', async () => {
    const [alone, workspace] = [await temporaryFolder(), await temporaryFolder()];
    await cli(['orders', '--yes', '--no-install', '--cwd', alone], { node });
    expect(await fs.readdir(path.join(alone, 'orders'))).toContain('.git');
    await fs.writeFile(path.join(workspace, 'pnpm-workspace.yaml'), 'packages: ["apps/*"]\n');
    await cli(['orders', ...quick, '--cwd', workspace], { node });
    expect(await fs.readdir(path.join(workspace, 'apps/orders'))).toContain('service.json');
  });

  onVersion('prints JSON, a diff, the help, and a refusal', async () => {
    const cwd = await temporaryFolder();
    const made = await cli(['orders', ...quick, '--json', '--cwd', cwd], { node });
    expect(JSON.parse(made.stdout)).toMatchObject({ ok: true, name: 'orders', install: 'skipped' });
    await fs.writeFile(path.join(cwd, 'orders/tsconfig.json'), '{ "mine": true }\n');
    const dryRun = ['orders', '--yes', '--dry-run', '--diff', '--cwd', cwd];
    expect((await cli(dryRun, { node })).stdout).toContain('-{ "mine": true }');
    expect(await cli(['--help'], { node })).toEqual(await cli(['--help']));
    const refused = await cli(['Order Items', ...quick, '--cwd', cwd], { node });
    expect(refused).toEqual(await cli(['Order Items', ...quick, '--cwd', cwd]));
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  });

  onVersion('takes answers from a file and replaces what --force lets it', async () => {
    const cwd = await temporaryFolder();
    const file = path.join(cwd, 'answers.json');
    await fs.writeFile(
      file,
      JSON.stringify({ name: 'payments', style: 'async', datastore: 'none' }),
    );
    const args = ['--answers', file, '--no-install', '--no-git', '--cwd', cwd];
    expect(await cli(args, { node })).toMatchObject({ exitCode: 0, stderr: '' });
    const readme = path.join(cwd, 'payments/README.md');
    await fs.writeFile(readme, 'mine');
    expect((await cli(args, { node })).stderr).toContain('--force');
    expect((await cli([...args, '--force'], { node })).exitCode).toBe(0);
    expect(await fs.readFile(readme, 'utf8')).toContain('# Payments');
    expect(await fs.readdir(path.join(cwd, 'payments'))).not.toContainEqual(
      expect.stringContaining('.create-service'),
    );
  });
});
