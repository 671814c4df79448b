import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cli, temporaryFolder, treeOf } from '../support/cli.ts';

const quick = ['--yes', '--no-install', '--no-git'];

test.each([
  [['../x', ...quick], 'path'],
  [['`touch pwned`', ...quick], 'kebab-case'],
  [['$(touch pwned)', ...quick], 'kebab-case'],
  [['Order Items', ...quick], 'order-items'],
  [['con', ...quick], 'Windows'],
  [['orders', '--style', 'rest', ...quick], 'sync, async, both'],
  [['orders', '--datastore', 'oracle', ...quick], 'allowed: postgres, '],
  [['orders', '--bus', 'kafka', ...quick], 'no bus'],
  [['orders', '--stile', 'sync', ...quick], '--style'],
  [['orders', '--style'], 'argument'],
  [['orders', 'items', ...quick], 'order-items'],
  [['orders', '--cwd', 'nowhere', ...quick], 'exists'],
  [['orders', '--answers', 'nowhere.json', ...quick], 'nowhere.json'],
  [['orders', '--package-manager', 'pip', ...quick], 'npm, pnpm, yarn, bun'],
  [['orders', '--description', 'a\u202eb', ...quick], 'U+202E'],
  [[], 'create-service NAME'],
])('%j is refused with exit code 2, one sentence, and nothing on disk', async (args, hint) => {
  const outer = await temporaryFolder();
  const cwd = path.join(outer, 'inner');
  await fs.mkdir(cwd);
  const { exitCode, stdout, stderr } = await cli(args, { cwd });
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(hint);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(await treeOf(outer)).toEqual({ inner: '<folder>' });
});

test('a dry run shows the tree with sizes and writes nothing', async () => {
  const cwd = await temporaryFolder();
  const { exitCode, stdout } = await cli(['orders', '--yes', '--dry-run', '--cwd', cwd]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/package\.json .*B/);
  expect(await treeOf(cwd)).toEqual({});
});

test('a dry run with --diff shows what --force would change', async () => {
  const cwd = await temporaryFolder();
  await cli(['orders', ...quick, '--cwd', cwd]);
  await fs.writeFile(path.join(cwd, 'orders/tsconfig.json'), '{ "mine": true }\n');
  const { stdout } = await cli(['orders', '--yes', '--dry-run', '--diff', '--cwd', cwd]);
  expect(stdout).toContain('-{ "mine": true }');
  expect(await fs.readFile(path.join(cwd, 'orders/tsconfig.json'), 'utf8')).toContain('mine');
});

test('--json prints one result, and one error', async () => {
  const cwd = await temporaryFolder();
  const made = await cli(['orders', ...quick, '--json', '--cwd', cwd]);
  expect(JSON.parse(made.stdout)).toMatchObject({ ok: true, name: 'orders', install: 'skipped' });
  const refused = await cli(['orders', ...quick, '--json', '--cwd', cwd]);
  expect(refused.exitCode).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    ok: false,
    error: { code: 'TARGET_CONFLICT' },
  });
});

test('answers come from a file, and flags win over it', async () => {
  const cwd = await temporaryFolder();
  const file = path.join(cwd, 'answers.json');
  await fs.writeFile(file, JSON.stringify({ name: 'payments', style: 'async', datastore: 'none' }));
  const { stdout } = await cli([
    '--answers',
    file,
    '--style',
    'both',
    '--json',
    '--dry-run',
    '--cwd',
    cwd,
  ]);
  expect(JSON.parse(stdout).answers).toMatchObject({
    name: 'payments',
    style: 'both',
    datastore: 'none',
  });
});

test.each([
  ['npm', 'package.json', '{"workspaces":["services/*"]}', 'services'],
  [
    'npm with other globs',
    'package.json',
    '{"workspaces":{"packages":["apps/*","libs/*"]}}',
    'apps',
  ],
  ['pnpm', 'pnpm-workspace.yaml', 'packages:\n  - "packages/*"\n', 'packages'],
  ['Nx', 'nx.json', '{}', 'services'],
  ['Turborepo', 'turbo.json', '{}', 'services'],
])(
  'inside a workspace (%s) the service goes where its globs say, without a repository',
  async (_, file, text, folder) => {
    const root = await temporaryFolder();
    await fs.writeFile(path.join(root, file), text);
    const { exitCode } = await cli(['orders', '--yes', '--no-install', '--cwd', root]);
    expect(exitCode).toBe(0);
    const entries = await fs.readdir(path.join(root, folder, 'orders'));
    expect(entries).toContain('service.json');
    expect(entries).not.toContain('.git');
  },
);

test.each([
  ['pnpm', { 'pnpm-workspace.yaml': 'packages: ["services/*"]' }],
  ['yarn', { 'package.json': '{"workspaces":["services/*"]}', 'yarn.lock': '' }],
  ['bun', { 'package.json': '{"workspaces":["services/*"],"packageManager":"bun@1.4.5"}' }],
])('inside a workspace the service is made for its package manager: %s', async (manager, files) => {
  const root = await temporaryFolder();
  for (const [file, text] of Object.entries(files)) await fs.writeFile(path.join(root, file), text);
  const { stdout } = await cli(['orders', ...quick, '--cwd', root]);
  expect(stdout).toContain(`${manager} install`);
  const entries = await fs.readdir(path.join(root, 'services/orders'));
  expect(entries).toContain('Dockerfile.dockerignore');
  expect(entries).not.toContain('pnpm-workspace.yaml');
});

test('a service that pnpm installs is no workspace to others that are made in it', async () => {
  const cwd = await temporaryFolder();
  await cli(['orders', ...quick, '--cwd', cwd, '--package-manager', 'pnpm']);
  const folder = path.join(cwd, 'orders');
  expect(await fs.readdir(folder)).toContain('pnpm-workspace.yaml');
  const { stdout } = await cli(['stock', ...quick, '--json', '--cwd', folder]);
  expect(JSON.parse(stdout).folder).toBe(path.join(folder, 'stock'));
});

test('colours only where a person sees them', async () => {
  const cwd = await temporaryFolder();
  const plain = await cli(['orders', ...quick, '--cwd', cwd]);
  expect(plain.stdout).not.toContain('\u001b[');
  expect(plain.stdout).toContain('npm run dev');
});

test('an installation that fails leaves the service complete and says how to go on', async () => {
  const cwd = await temporaryFolder();
  const env = { PATH: '/nowhere' };
  const { exitCode, stdout } = await cli(['orders', '--yes', '--no-git', '--cwd', cwd], { env });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('npm install');
  expect(await fs.readdir(path.join(cwd, 'orders'))).toContain('service.json');
});
