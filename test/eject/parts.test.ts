import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyChange } from '../../src/apply/apply-change.ts';
import { installedChassis } from '../../src/eject/installed-chassis.ts';
import { placesOf } from '../../src/eject/places.ts';
import { planEject, planUneject } from '../../src/eject/plan.ts';
import { findService } from '../../src/service/find-service.ts';
import { packageRoot, temporaryFolder, treeOf } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link } from '../support/emitted.ts';
import { servicesIn } from '../support/services.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
}, 300_000);

afterAll(() => dependencies.dispose());

/** A service that has its dependencies around it, as a member of a workspace has them. */
async function serviceOf(choices: readonly string[]) {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: choices });
  await link(root, dependencies);
  return { root, folder: path.join(root, 'orders') };
}

/** As the command does it, in this process. */
async function eject(folder: string, ...parts: readonly string[]): Promise<void> {
  for (const part of parts) {
    const service = await findService(folder);
    applyChange(planEject(service, installedChassis(folder), part));
  }
}

/** Not each part has tests. */
function unlessMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

/** Runs a program of this repository on Node 24, which must succeed. */
async function run(cwd: string, program: string, ...args: readonly string[]): Promise<void> {
  const options = { cwd, preferLocal: true, localDir: packageRoot, reject: false } as const;
  const { failed, all } = await execa(program, args, { ...options, all: true, stdin: 'ignore' });
  expect(failed, all).toBe(false);
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

/** By what all parts are checked at once, each in a folder of its own beside the package. */
const together = {
  'package.json': '{ "type": "module" }',
  'tsconfig.json': `{ "extends": "./orders/tsconfig.json", "include": ["parts"] }`,
  // Of the copies that take long all is compiled, and the rest is run: `chassis/test` runs them all.
  'vitest.config.ts': `export default {
    test: {
      include: ['parts/**/*.test.ts'],
      exclude: ['**/{strangle,shadow,fallback,develop,aggregates}.test.ts'],
      server: { deps: { inline: ['service-chassis'] } },
      retry: 2,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      expect: { poll: { timeout: 30_000 } },
    },
  };`,
};

test('each part can be ejected by itself, beside the package, and taken back', {
  timeout: 600_000,
}, async () => {
  const { root, folder } = await serviceOf(everything);
  const { parts } = installedChassis(folder);
  expect(parts.length).toBeGreaterThan(20);
  const before = await treeOf(folder);
  for (const part of parts) {
    await eject(folder, part);
    for (const place of placesOf(part))
      await fs
        .cp(path.join(folder, place), path.join(root, 'parts', part, place), { recursive: true })
        .catch(unlessMissing);
    applyChange(planUneject(await findService(folder), part));
  }
  expect(await treeOf(folder)).toEqual(before);
  for (const [name, text] of Object.entries(together))
    await fs.writeFile(path.join(root, name), text);
  await run(root, 'tsc', '--noEmit');
  // Mostly they wait.
  await run(root, 'vitest', 'run', '--no-isolate', '--maxWorkers=4');
});

test.each([0, 1])(
  'with every other part ejected, from the %ith on, a service fits both halves',
  {
    timeout: 300_000,
  },
  async (first) => {
    const { folder } = await serviceOf(everything);
    const { parts } = installedChassis(folder);
    await eject(folder, ...parts.filter((_, index) => index % 2 === first));
    await run(folder, 'tsc', '--noEmit');
  },
);

test.each([
  everything,
  ['--style', 'async', '--datastore', 'mongodb', '--bus', 'nats'],
  ['--style', 'sync', '--datastore', 'none'],
  ['--kind', 'gateway'],
])(
  'with all parts ejected a service of %s %s is whole: types, lint, tests',
  { timeout: 300_000 },
  async (...choices) => {
    const { folder } = await serviceOf(choices);
    await eject(folder, ...installedChassis(folder).parts);
    await expectScript(folder, 'typecheck');
    await expectScript(folder, 'lint');
    // There is not everywhere a MongoDB for its tests. Those of the parts are run above.
    if (!choices.includes('mongodb'))
      await expectScript(folder, 'test', ['--exclude', 'test/chassis/**']);
    const source = await fs.readFile(path.join(folder, 'src/service.ts'), 'utf8');
    expect(source).not.toContain("'service-chassis");
  },
);
