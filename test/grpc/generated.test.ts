import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link } from '../support/emitted.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
}, 300_000);

afterAll(() => dependencies.dispose());

/** Every file below a folder, by its path. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const read = files.map(async (file) => [
    path.relative(folder, file),
    await fs.readFile(file, 'utf8'),
  ]);
  return Object.fromEntries(await Promise.all(read));
}

test.each(['src', 'test'])(
  'what lies in chassis/%s/grpc is what buf generates from the protos beside it, byte for byte',
  async (part) => {
    const chassis = path.join(packageRoot, 'chassis');
    const folder = await temporaryFolder();
    const command = ['generate', path.join(chassis, part, 'grpc/proto'), '-o', folder];
    const bin = path.join(dependencies.folder, '.bin');
    await execa(path.join(bin, 'buf'), command, {
      cwd: chassis,
      env: { PATH: `${bin}${path.delimiter}${process.env.PATH}` },
    });
    const generated = await contentsOf(path.join(folder, 'gen'));
    expect(Object.keys(generated).length).toBeGreaterThan(0);
    expect(await contentsOf(path.join(chassis, part, 'grpc/gen'))).toEqual(generated);
  },
);

test.each([
  'orders',
  'order-items',
  // Names of messages and types that generated code uses, and so must not be the aggregate's.
  'messages',
  'timestamps',
  'create-requests',
  // What protocol buffers know as keywords.
  'options',
  'enum-values',
  'sku-2b-types',
  'a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t',
  'q'.repeat(40),
])(
  'what is emitted for %s is what buf generates from its proto, byte for byte, and lints clean',
  {
    timeout: 60_000,
  },
  async (name) => {
    const root = await temporaryFolder();
    const what = [name, '--yes', '--datastore', 'none', '--protocol', 'grpc'];
    const { exitCode, stderr } = await cli([...what, '--cwd', root, '--no-install', '--no-git']);
    expect([exitCode, stderr]).toEqual([0, '']);
    const folder = path.join(root, name);
    await link(folder, dependencies);
    const generated = path.join(folder, 'src/grpc/gen');
    const emitted = await contentsOf(generated);
    expect(Object.keys(emitted)).toHaveLength(1);
    await expectScript(folder, 'proto');
    expect(await contentsOf(generated)).toEqual(emitted);
    await expectScript(folder, 'proto:lint');
  },
);
