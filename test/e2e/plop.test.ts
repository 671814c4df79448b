import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { packageRoot, temporaryFolder } from '../support/cli.ts';

test("a person's own plopfile loads the generators and runs them", async () => {
  const root = await temporaryFolder();
  await fs.mkdir(path.join(root, 'node_modules'));
  await fs.symlink(packageRoot, path.join(root, 'node_modules/create-service'));
  await fs.writeFile(
    path.join(root, 'plopfile.mjs'),
    "export default async (plop) => { await plop.load('create-service'); };\n",
  );
  const plop = path.join(packageRoot, 'node_modules/.bin/plop');
  const answers = [
    '--name',
    'orders',
    '--style',
    'sync',
    '--datastore',
    'none',
    '--description',
    'Orders',
  ];
  await execa(plop, ['service', '--', ...answers], { cwd: root, stdin: 'ignore' });
  const manifest = JSON.parse(await fs.readFile(path.join(root, 'orders/service.json'), 'utf8'));
  expect(manifest).toMatchObject({ name: 'orders', style: 'sync', datastore: 'none' });
});
