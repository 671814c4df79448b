import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cli, temporaryFolder, treeOf } from '../support/cli.ts';
import { expectAllOrNothing } from '../support/kill-at-random.ts';
import { servicesIn } from '../support/services.ts';

const args = ['remove', 'strangler', '/api/orders'];

/** A gateway with a strangler that can be removed. */
async function gatewayIn(root: string): Promise<string> {
  await servicesIn(root, { gateway: ['--kind', 'gateway'] });
  const cwd = path.join(root, 'gateway');
  const adding = ['/api/orders', '--from', 'monolith', '--to', 'orders', '--yes'];
  const { exitCode, stderr } = await cli(['add', 'strangler', ...adding], { cwd });
  expect(exitCode, stderr).toBe(0);
  await fs.writeFile(path.join(cwd, 'strangler.json'), '{"/api/orders":{"percentage":100}}\n');
  return cwd;
}

test('SIGKILL at random instants leaves all of a removal or nothing of it, and the next run goes on', {
  timeout: 240_000,
}, async () => {
  const original = await gatewayIn(await temporaryFolder());
  await expectAllOrNothing(original, args, 20_261_126);
});

test('what a killed removal has taken away is back at the next run, its folder too', async () => {
  const cwd = await gatewayIn(await temporaryFolder());
  const before = await treeOf(cwd);
  const journal = path.join(cwd, '.create-service-4194305-abc');
  const gone = 'src/routes/api-orders.ts';
  await fs.mkdir(path.join(journal, 'old/src/routes'), { recursive: true });
  await fs.rename(path.join(cwd, gone), path.join(journal, 'old', gone));
  for (const file of await fs.readdir(path.join(cwd, 'src/routes')))
    await fs.rename(path.join(cwd, 'src/routes', file), path.join(journal, 'old/src/routes', file));
  await fs.rmdir(path.join(cwd, 'src/routes'));
  const replaced = (await fs.readdir(path.join(journal, 'old/src/routes'))).map(
    (file) => `src/routes/${file}`,
  );
  await fs.writeFile(
    path.join(journal, 'journal.json'),
    JSON.stringify({ created: [], replaced, folders: [] }),
  );
  const look = await cli([...args, '--dry-run'], { cwd });
  expect(look).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('unfinished') });
  const refused = await cli(['remove', 'strangler', '/api/items'], { cwd });
  expect(refused.exitCode).toBe(2);
  expect(await treeOf(cwd)).toEqual(before);
});

test('a link in the place of a file that would go is not followed', async () => {
  const root = await temporaryFolder();
  const cwd = await gatewayIn(root);
  const theirs = path.join(root, 'theirs');
  await fs.rename(path.join(cwd, 'src/routes'), theirs);
  await fs.symlink(theirs, path.join(cwd, 'src/routes'));
  const before = await treeOf(root);
  await cli(args, { cwd });
  expect((await treeOf(theirs))['side.ts']).toBe(before['theirs/side.ts']);
});
