import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageManagers } from '../../src/base/package-manager.ts';
import { type PlanContext, parseAnswers, planFor } from '../../src/index.ts';
import { packageRoot } from '../support/cli.ts';

/** What only a service made for that package manager may say. */
const words = {
  npm: /\bnpm (run|ci|test|start)\b|package-lock|allowScripts/,
  pnpm: /\bpnpm\b|allowBuilds/,
  yarn: /\byarn\b|yarnrc|dependenciesMeta/,
  bun: /\bbun\b|trustedDependencies/,
};

const places = { standalone: undefined, 'workspace-member': 'services/orders' };

function filesFor(context: Partial<PlanContext>): Map<string, string> {
  const { answers } = parseAnswers({ name: 'orders', style: 'both' });
  const plan = planFor(answers, {
    packageManager: 'npm',
    bundleNode: true,
    generatorVersion: '0.0.0',
    ...context,
  });
  return new Map(plan.files.map(({ path, contents }) => [path, contents]));
}

const cases = packageManagers.flatMap((packageManager) =>
  Object.entries(places).map(([place, workspacePath]) => ({
    packageManager,
    place,
    context: { packageManager, ...(workspacePath === undefined ? {} : { workspacePath }) },
  })),
);

test.each(cases)(
  'a service for $packageManager ($place) names no other package manager',
  ({ packageManager, context }) => {
    const files = filesFor(context);
    const others = packageManagers.filter((name) => name !== packageManager);
    for (const [file, contents] of files) {
      for (const other of others) expect(contents, file).not.toMatch(words[other]);
    }
    expect([...files.values()].join('\n')).toMatch(words[packageManager]);
  },
);

test.each(cases.slice(1))(
  'what $packageManager ($place) changes in a service is as reviewed',
  async ({ packageManager, place, context }) => {
    const usual = filesFor({});
    const files = filesFor(context);
    const changed = [...files].filter(([file, contents]) => usual.get(file) !== contents);
    const missing = [...usual.keys()].filter((file) => !files.has(file));
    const folder = path.join(packageRoot, 'test/snapshots', `${packageManager}-${place}`);
    const list = [...changed.map(([file]) => file), ...missing.map((file) => `no ${file}`)];
    await expect(`${list.join('\n')}\n`).toMatchFileSnapshot(`${folder}.tree.txt`);
    for (const [file, contents] of changed) {
      await expect(contents).toMatchFileSnapshot(path.join(folder, file));
    }
  },
);

test('the image and CI use the version that is here, unless it is too old for what is emitted', () => {
  const dockerfile = (packageManagerVersion: string) =>
    filesFor({ packageManager: 'pnpm', packageManagerVersion }).get('Dockerfile');
  expect(dockerfile('10.30.1')).toContain('npm install --global pnpm@10.30.1\n');
  expect(dockerfile('9.15.9')).toMatch(/npm install --global pnpm@1\d\./);
  const manifest = filesFor({ packageManager: 'yarn', packageManagerVersion: '1.22.22' });
  expect(JSON.parse(manifest.get('package.json') ?? '').packageManager).toMatch(/^yarn@4\./);
});

test('the image of a member of a workspace is built from the root of the workspace', () => {
  const compose = parse(
    filesFor({ workspacePath: 'apps/services/orders' }).get('compose.yaml') ?? '',
  );
  expect(compose.services.app.build).toEqual({
    context: '../../..',
    dockerfile: 'apps/services/orders/Dockerfile',
  });
});
