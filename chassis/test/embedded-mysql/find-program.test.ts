import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findProgram } from '../../src/embedded-mysql/find-program.ts';

test('a program is found in the first folder of the path that has one of them', async () => {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'chassis-programs-'));
  onTestFinished(() => fs.rm(root, { recursive: true, force: true }));
  const folders = ['empty', 'one', 'both'].map((name) => path.join(root, name));
  for (const folder of folders) await fs.mkdir(folder);
  const [, one = '', both = ''] = folders;
  await fs.writeFile(path.join(one, 'made-of-b'), '', { mode: 0o755 });
  await fs.writeFile(path.join(one, 'made-of-a'), 'not a program', { mode: 0o644 });
  for (const name of ['made-of-a', 'made-of-b'])
    await fs.writeFile(path.join(both, name), '', { mode: 0o755 });
  const names = ['made-of-a', 'made-of-b'];
  const found = await findProgram(names, folders.join(path.delimiter));
  expect(found).toBe(path.join(one, 'made-of-b'));
  expect(await findProgram(names, both)).toBe(path.join(both, 'made-of-a'));
  expect(await findProgram(['made-of-c'], both)).toBeUndefined();
});
