import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import { packageRoot, temporaryFolder, treeOf } from '../support/cli.ts';
import { random } from '../support/random.ts';

/** Makes service after service, in each of the folders given in turn, and says so, until it is killed. */
const program = `
import { createService, parseAnswers } from '${pathToFileURL(path.join(packageRoot, 'dist/index.js'))}';
const folders = process.argv.slice(1);
for (let index = 0; ; index += 1) {
  const { answers } = parseAnswers({ name: \`order\${index}x\` });
  await createService(answers, { cwd: folders[index % folders.length] });
  console.log('made');
}`;

/** Kills the program some milliseconds after it has made some services. */
async function killed(
  { made, ms }: { made: number; ms: number },
  temporary: string,
  folders: readonly string[],
): Promise<void> {
  const run = execa(
    process.execPath,
    ['--input-type=module', '--eval', program, '--', ...folders],
    { env: { TMPDIR: temporary }, reject: false },
  );
  let said = '';
  run.stdout.on('data', (data) => {
    said += String(data);
    if (said.split('\n').length > made) setTimeout(() => run.kill('SIGKILL'), ms);
  });
  await run;
}

const cases = [
  ['in the temporary folder', (root: string) => root],
  ['beside the service, where that is another device', () => '/nowhere'],
] as const;

test.each(cases)(
  'SIGKILL of a program that makes many services, staged %s, leaves complete ones and no stray file',
  { timeout: 120_000 },
  async (_, temporaryOf) => {
    const next = random(1_000);
    for (let run = 0; run < 20; run += 1) {
      const root = await temporaryFolder();
      const folders = [path.join(root, 'first'), path.join(root, 'second')];
      for (const folder of folders) await fs.mkdir(folder);
      const made = 1 + Math.floor(next() * 6);
      await killed({ made, ms: next() * 20 }, temporaryOf(root), folders);
      await vi.waitFor(async () => expect(await strays(root)).toEqual([]), 5000);
      const sizes = (await Promise.all(folders.map(filesOfEach))).flat();
      expect(sizes.length).toBeGreaterThanOrEqual(made);
      expect(new Set(sizes).size).toBe(1);
    }
  },
);

async function strays(root: string): Promise<string[]> {
  const names = await fs.readdir(root, { recursive: true });
  return names.filter((name) => path.basename(name).startsWith('.create-service-'));
}

async function filesOfEach(folder: string): Promise<number[]> {
  const services = await fs.readdir(folder);
  return Promise.all(
    services.map(async (name) => Object.keys(await treeOf(path.join(folder, name))).length),
  );
}
