import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, temporaryFolder, treeOf } from '../support/cli.ts';
import { edit, servicesIn } from '../support/services.ts';

const adding = ['add', 'strangler', '/api/orders', '--from', 'monolith', '--to', 'orders', '--yes'];
const removing = ['remove', 'strangler', '/api/orders'];

async function gatewayIn(root: string): Promise<string> {
  await servicesIn(root, { gateway: ['--kind', 'gateway'] });
  return path.join(root, 'gateway');
}

async function done(args: readonly string[], cwd: string): Promise<string> {
  const { exitCode, stdout, stderr } = await cli(args, { cwd });
  expect(exitCode, stderr).toBe(0);
  return stdout;
}

/** Says in the rules file that all callers have moved. */
function move(cwd: string): Promise<void> {
  return edit(path.join(cwd, 'strangler.json'), (text) =>
    text.replaceAll(/"percentage": 0,(?=\s+"shadow")/g, '"percentage": 100,'),
  );
}

describe('refused', () => {
  let root: string;
  let cwd: string;

  beforeAll(async () => {
    root = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-test-')));
    cwd = await gatewayIn(root);
    await servicesIn(root, { parcels: ['--datastore', 'none'] });
    await done(['add', 'route', '/api/parcels', '--to', 'parcels', '--yes'], cwd);
    await done(adding, cwd);
  });

  afterAll(() => fs.rm(root, { recursive: true, force: true }));

  test.each<[string[], string]>([
    [['add', 'strangler', '/api/items', '--to', 'items'], '--from'],
    [['add', 'strangler', '/api/items', '--from', 'monolith'], '--to'],
    [['add', 'strangler', '--from', 'a', '--to', 'b'], 'add strangler'],
    [['add', 'strangler', 'api/items', '--from', 'monolith', '--to', 'items'], '/api/items'],
    [['add', 'strangler', '/API/Items', '--from', 'monolith', '--to', 'items'], '/api/items'],
    [['add', 'strangler', '/../items', '--from', 'monolith', '--to', 'items'], 'kebab-case'],
    [['add', 'strangler', "/x';process.exit()", '--from', 'm', '--to', 'items'], 'kebab-case'],
    [['add', 'strangler', '/metrics', '--from', 'monolith', '--to', 'items'], 'platform'],
    [['add', 'strangler', '/api/items', '--from', 'items', '--to', 'items'], 'left behind'],
    [['add', 'strangler', '/api/items', '--from', 'gateway', '--to', 'items'], 'gateway itself'],
    [['add', 'strangler', '/api/items', '--from', '../m', '--to', 'items'], 'path'],
    [['add', 'strangler', '/api/parcels', '--from', 'm', '--to', 'x'], '--from parcels'],
    [[...adding.slice(0, -1)], 'already'],
    [[...adding.slice(0, -1), '--upstream-path', 'orders'], 'already'],
    [['remove', 'strangler', '/api/order'], 'create-service remove strangler /api/orders'],
    [['remove', 'strangler', '/api/parcels'], 'what is: /api/orders'],
    [['remove', 'strangler'], 'name is missing'],
    [['remove'], 'remove strangler'],
    [['remove', 'stranglr', '/api/orders'], 'remove strangler /api/orders'],
    [['remove', 'strangler', '/api/orders', 'twice'], 'One name'],
    [['remove', 'strangler', '/api/orders', '--dryrun'], '--dry-run'],
  ])('%j with exit code 2, one sentence, and nothing on disk', async (args, hint) => {
    const before = await treeOf(root);
    const { exitCode, stdout, stderr } = await cli(args, { cwd });
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await treeOf(root)).toEqual(before);
  });

  test.each([adding, removing])('in a service that is no gateway: %j', async (...args) => {
    const before = await treeOf(root);
    const refused = await cli(args, { cwd: path.join(root, 'parcels') });
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('gateway') });
    expect(await treeOf(root)).toEqual(before);
  });

  test.each([
    ['some callers have not moved', '"percentage": 99.5'],
    ['exceptions lead back', '"percentage": 100, "exceptions": [{ "side": "old", "when": {} }]'],
  ])('to remove a strangler while %s', async (_name, rule) => {
    await fs.writeFile(path.join(cwd, 'strangler.json'), `{ "/api/orders": { ${rule} } }`);
    const before = await treeOf(root);
    const refused = await cli(removing, { cwd });
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Not all') });
    expect(await treeOf(root)).toEqual(before);
  });
});

test('what is added and removed again leaves just what a plain route would have left', async () => {
  const root = await temporaryFolder();
  const cwd = await gatewayIn(root);
  const plain = path.join(root, 'plain');
  await fs.cp(cwd, plain, { recursive: true });
  await done(['add', 'route', '/api/orders', '--to', 'orders', '--yes'], plain);
  const before = await treeOf(cwd);

  expect(await done([...adding, '--dry-run', '--diff'], cwd)).toContain('+COPY package.json');
  expect(await treeOf(cwd)).toEqual(before);
  await done(adding, cwd);
  expect(JSON.parse(await fs.readFile(path.join(cwd, 'strangler.json'), 'utf8'))).toEqual({
    '/api/orders': { percentage: 0, shadow: { percentage: 0, ignore: [] } },
  });
  const readme = await fs.readFile(path.join(cwd, 'README.md'), 'utf8');
  expect(readme).toContain('| `/api/orders` | monolith `/api/orders` or orders `/orders` |');
  expect(readme).toContain('kubectl create configmap gateway-strangler');

  await move(cwd);
  const strangled = await treeOf(cwd);
  const shown = await done([...removing, '--dry-run', '--diff'], cwd);
  expect(shown).toMatch(/Would remove \d+ files: strangler.json/);
  expect(shown).toContain('-!strangler.json');
  const planned = JSON.parse(await done([...removing, '--dry-run', '--json'], cwd));
  expect(planned).toMatchObject({ ok: true, dryRun: true });
  expect(await treeOf(cwd)).toEqual(strangled);
  const { files } = JSON.parse(await done([...removing, '--json'], cwd));
  expect(files).toEqual(planned.files);
  expect(await treeOf(cwd)).toEqual(await treeOf(plain));
});

test('a route that is there becomes a strangled one, and comes back as another', async () => {
  const root = await temporaryFolder();
  const cwd = await gatewayIn(root);
  await done(['add', 'route', '/api/orders', '--to', 'monolith', '--public', 'yes', '--yes'], cwd);
  await done(['add', 'strangler', '/api/orders', '--to', 'orders', '--yes'], cwd);
  const { routes } = JSON.parse(await fs.readFile(path.join(cwd, 'service.json'), 'utf8'));
  expect(routes).toEqual([
    {
      path: '/api/orders',
      to: ['monolith', 'orders'],
      upstreamPath: '/orders',
      public: true,
      strangles: { from: 'monolith', path: '/orders' },
    },
  ]);
  await move(cwd);
  await done(removing, cwd);
  const after = await treeOf(cwd);
  expect(after['src/routes/api-orders.ts']).toContain('for anybody');
  expect(after['README.md']).toContain('| `/api/orders` | orders `/orders` | anybody |');
  expect(after['README.md']).not.toContain('monolith `');
  expect(after['src/config.ts']).not.toContain('monolith');
  expect(after['development/stand-ins.ts']).toContain("echoService('ORDERS_URL', 'orders')");
  expect(after['development/stand-ins.ts']).not.toContain('monolith');
});

test('of two stranglers the first that is removed leaves the other all that it needs', async () => {
  const cwd = await gatewayIn(await temporaryFolder());
  await done(adding, cwd);
  const items = ['add', 'strangler', '/api/items', '--from', 'monolith', '--to', 'items', '--yes'];
  await done(items, cwd);
  await move(cwd);
  await done(removing, cwd);
  const after = await treeOf(cwd);
  expect(JSON.parse(after['strangler.json'] ?? '')).toHaveProperty(['/api/items']);
  expect(after['src/service.ts']).toContain('register(strangler, config.strangler)');
  expect(after['src/config.ts']).toContain("monolithUpstream: upstreamConfig('monolith')");
  expect(after['README.md']).toContain('<!-- strangler -->');
  await done(['remove', 'strangler', '/api/items'], cwd);
  const rest = await treeOf(cwd);
  expect(Object.keys(rest).filter((file) => /strangl|monolith/.test(file))).toEqual([]);
  expect(`${rest['src/service.ts']}${rest['src/config.ts']}`).not.toMatch(/strangl|monolith/);
  expect(JSON.parse(rest['service.json'] ?? '').calls).toEqual(['orders', 'items']);
});

test('in a gateway that was edited by hand all stays that a person wrote', async () => {
  const cwd = await gatewayIn(await temporaryFolder());
  const file = (name: string) => path.join(cwd, name);
  await edit(file('service.json'), (text) => text.replace(/\n/g, '\r\n'));
  await edit(file('README.md'), () => 'ours\n');
  await edit(file('Dockerfile'), (text) =>
    text.replace('COPY package.json service.json ./', 'COPY . .'),
  );
  await edit(file('deploy/kubernetes.yaml'), (text) =>
    text.replace('replicas: 2', 'replicas:   3 # ours'),
  );
  await edit(file('.env.example'), (text) => `${text}\n# ours\nMONOLITH_URL=http://ours\n`);
  await fs.writeFile(file('strangler.json'), '{\n\t"/ours": { "percentage": 7 }\n}\n');
  await fs.rm(file('.dockerignore'));
  const before = await treeOf(cwd);
  const said = await done(adding, cwd);
  expect(said).toContain('Mount the ConfigMap gateway-strangler');
  expect(said).toContain('.dockerignore');
  const added = await treeOf(cwd);
  expect(added['README.md']).toMatch(/^ours\n\n<!-- strangler -->/);
  expect(added['deploy/kubernetes.yaml']).toBe(before['deploy/kubernetes.yaml']);
  expect(added['.env.example']).toContain(before['.env.example']);
  expect(added['.env.example']?.match(/MONOLITH_URL/g)).toHaveLength(1);
  expect(added['strangler.json']).toContain('\t"/ours"');

  await move(cwd);
  await done(removing, cwd);
  const after = await treeOf(cwd);
  expect(after['README.md']).toBe('ours\n');
  expect(after['.env.example']).toContain('# ours\nMONOLITH_URL=http://ours\n');
  expect(JSON.parse(after['strangler.json'] ?? '')).toEqual({ '/ours': { percentage: 7 } });
  expect(after['service.json']).toMatch(/\r\n/);
});

test('a file of a strangler that was changed by hand is not lost: all is refused, and the change shown', async () => {
  const cwd = await gatewayIn(await temporaryFolder());
  await done(adding, cwd);
  await move(cwd);
  for (const file of ['src/routes/api-orders.ts', 'test/support/rules-file.ts'])
    await edit(path.join(cwd, file), (text) => `${text}// Ours: keep this.\n`);
  const before = await treeOf(cwd);
  const refused = await cli(removing, { cwd });
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('src/routes/api-orders.ts: you have changed it');
  expect(refused.stderr).toContain('test/support/rules-file.ts: you have changed it');
  const shown = await cli([...removing, '--dry-run', '--diff'], { cwd });
  expect(shown).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('+// Ours') });
  const json = JSON.parse((await cli([...removing, '--json'], { cwd })).stdout);
  expect(json).toMatchObject({ ok: false, error: { code: 'TARGET_CONFLICT' } });
  expect(await treeOf(cwd)).toEqual(before);
});

test('a route that was changed by hand is not strangled over', async () => {
  const cwd = await gatewayIn(await temporaryFolder());
  await done(['add', 'route', '/api/orders', '--to', 'monolith', '--yes'], cwd);
  await edit(path.join(cwd, 'src/routes/api-orders.ts'), (text) => `${text}// Ours.\n`);
  const before = await treeOf(cwd);
  const { exitCode, stderr } = await cli(adding, { cwd });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('src/routes/api-orders.ts has been changed by hand');
  expect(await treeOf(cwd)).toEqual(before);
});

test('lines of a person in the composition root stay where they are, and around what comes and goes', async () => {
  const cwd = await gatewayIn(await temporaryFolder());
  const ours = '  await app.register(ours);\n';
  await edit(path.join(cwd, 'src/service.ts'), (text) =>
    text.replace(/(?<=register\(forwarding.*\n)/, ours),
  );
  const before = await treeOf(cwd);
  await done(adding, cwd);
  const added = (await treeOf(cwd))['src/service.ts'] ?? '';
  expect(added).toContain('await app.register(strangler, config.strangler);');
  expect(added).toContain(ours);
  await move(cwd);
  await done(removing, cwd);
  expect((await treeOf(cwd))['src/service.ts']).toBe(before['src/service.ts']);
});

test('a line of the composition root that was changed by hand is not taken away: all is refused', async () => {
  const cwd = await gatewayIn(await temporaryFolder());
  await done(adding, cwd);
  await move(cwd);
  await edit(path.join(cwd, 'src/service.ts'), (text) =>
    text.replace('register(strangler, config.strangler)', 'register(strangler, ours)'),
  );
  const before = await treeOf(cwd);
  const { exitCode, stderr } = await cli(removing, { cwd });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('src/service.ts: you have changed the same lines');
  expect(await treeOf(cwd)).toEqual(before);
});

test('line ends that git has changed at checkout are no change by hand', async () => {
  const cwd = await gatewayIn(await temporaryFolder());
  await done(adding, cwd);
  await move(cwd);
  const tree = await treeOf(cwd);
  for (const [file, text] of Object.entries(tree))
    if (text !== '<folder>') await fs.writeFile(path.join(cwd, file), text.replace(/\n/g, '\r\n'));
  await done(removing, cwd);
  const rest = Object.entries(await treeOf(cwd));
  expect(rest.filter(([file]) => /strangl/.test(file))).toEqual([]);
  const [, readme = ''] = rest.find(([file]) => file === 'README.md') ?? [];
  expect(readme).not.toMatch(/<!-- strangler|[^\r]\n/);
});
