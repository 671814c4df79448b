import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, packageRoot, temporaryFolder, treeOf } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link } from '../support/emitted.ts';
import { servicesIn } from '../support/services.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
}, 300_000);

afterAll(() => dependencies.dispose());

/** A service that has its dependencies, and the names of the parts that it can eject. */
async function serviceOf(choices: readonly string[]) {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: choices });
  const folder = path.join(root, 'orders');
  await link(folder, dependencies);
  const eject = async (...args: string[]) => {
    const result = await cli(['eject', ...args, '--no-install'], { cwd: folder });
    return { ...result, all: result.stdout + result.stderr };
  };
  const { stderr } = await eject();
  const parts =
    /there are: ([a-z, -]+)\./.exec(stderr.replaceAll(/\s+/g, ' '))?.[1]?.split(', ') ?? [];
  expect(parts.length).toBeGreaterThan(20);
  return { folder, eject, parts };
}

/** What the compiler says of a service. */
async function compiled(folder: string): Promise<string> {
  const options = { cwd: folder, preferLocal: true, localDir: packageRoot, reject: false } as const;
  return (await execa('tsc', ['--noEmit', '--checkers', '1'], options)).stdout;
}

/** The service's own files, without what is installed. */
async function ownFiles(folder: string) {
  const tree = Object.entries(await treeOf(folder));
  return Object.fromEntries(tree.filter(([file]) => !file.startsWith('node_modules')));
}

const everything = [
  '--style',
  'both',
  '--protocol',
  'grpc',
  '--datastore',
  'postgres',
  '--bus',
  'kafka',
];

test('each part can be ejected by itself, beside the package, and taken back', {
  timeout: 300_000,
}, async () => {
  const { folder, eject, parts } = await serviceOf(everything);
  const before = await ownFiles(folder);
  for (const part of parts) {
    const ejected = await eject(part);
    expect(ejected.exitCode, ejected.all).toBe(0);
    expect(await compiled(folder), part).toBe('');
    const undone = await eject(part, '--undo');
    expect(undone.exitCode, undone.all).toBe(0);
  }
  expect(await ownFiles(folder)).toEqual(before);
});

test.each([
  everything,
  ['--style', 'async', '--datastore', 'mongodb', '--bus', 'nats'],
  ['--style', 'sync', '--datastore', 'none'],
  ['--kind', 'gateway'],
])(
  'with all parts ejected a service of %s %s is whole: types, lint, tests',
  { timeout: 300_000 },
  async (...choices) => {
    const { folder, eject, parts } = await serviceOf(choices);
    for (const part of parts) {
      const ejected = await eject(part);
      expect(ejected.exitCode, ejected.all).toBe(0);
    }
    await expectScript(folder, 'typecheck');
    await expectScript(folder, 'lint');
    // There is not everywhere a MongoDB for its tests.
    if (!choices.includes('mongodb')) await expectScript(folder, 'test');
    const source = await fs.readFile(path.join(folder, 'src/service.ts'), 'utf8');
    expect(source).not.toContain("'service-chassis");
  },
);
