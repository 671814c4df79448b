import { once } from 'node:events';
import fs from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cli, packageRoot, temporaryFolder, treeOf } from '../support/cli.ts';
import { edit, servicesIn } from '../support/services.ts';

const menagerie = path.join(packageRoot, 'test/add/fixtures/menagerie.yaml');
const quick = ['--yes', '--no-install'];

async function ordersIn(root: string, ...choices: string[]): Promise<string> {
  await servicesIn(root, { orders: ['--datastore', 'none', ...choices] });
  return path.join(root, 'orders');
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/openapi.json`;
}

test('a client is files of its own, and is listed in service.json, .env.example and the README', async () => {
  const cwd = await ordersIn(await temporaryFolder());
  const before = await treeOf(cwd);
  const dry = await cli(
    ['add', 'client', 'zoo', '--openapi', menagerie, '--dry-run', '--diff', ...quick],
    { cwd },
  );
  expect(dry.exitCode, dry.stderr).toBe(0);
  expect(dry.stdout).toContain('+| zoo | `app.zooClient` | `ZOO_URL`, `ZOO_TOKEN`, `ZOO_…` |');
  expect(dry.stdout).toContain('GET /loop was left out');
  expect(await treeOf(cwd)).toEqual(before);
  const { exitCode, stderr } = await cli(
    ['add', 'client', 'zoo', '--openapi', menagerie, ...quick],
    { cwd },
  );
  expect(exitCode, stderr).toBe(0);
  const after = await treeOf(cwd);
  const changed = Object.keys(before).filter((file) => after[file] !== before[file]);
  expect(changed).toEqual([
    '.env.example',
    'README.md',
    'development/stand-ins.ts',
    'package.json',
    'service.json',
    'src/config.ts',
    'src/service.ts',
  ]);
  expect(JSON.parse(after['service.json'] ?? '')).toMatchObject({
    calls: ['zoo'],
    contracts: [
      {
        client: 'zoo',
        provider: path.relative(cwd, menagerie),
        document: 'src/clients/zoo/openapi.json',
      },
    ],
  });
  expect(after['.env.example']).toContain('\nZOO_URL=http://zoo\n');
  expect(after['development/stand-ins.ts']).toContain("apiStandIn('ZOO_URL', 'zoo'),");
  const second = await cli(
    ['add', 'client', 'park', '--openapi', menagerie, '--operations', 'report', ...quick],
    { cwd },
  );
  expect(second.exitCode, second.stderr).toBe(0);
  const readme = await fs.readFile(path.join(cwd, 'README.md'), 'utf8');
  expect(readme.match(/^\| (zoo|park) \|/gm)).toHaveLength(2);
  expect(readme.match(/## Services called/g)).toHaveLength(1);
});

test('a document comes from a URL too, as JSON or YAML, and the address is recorded', async () => {
  const text = await fs.readFile(menagerie, 'utf8');
  const url = await serve((_request, response) => response.end(text));
  const cwd = await ordersIn(await temporaryFolder(), '--style', 'async');
  const { exitCode, stderr } = await cli(['add', 'client', 'zoo', '--openapi', url, ...quick], {
    cwd,
  });
  expect(exitCode, stderr).toBe(0);
  const manifest = JSON.parse(await fs.readFile(path.join(cwd, 'service.json'), 'utf8'));
  expect(manifest.contracts).toMatchObject([{ client: 'zoo', provider: url }]);
  const { dependencies } = JSON.parse(await fs.readFile(path.join(cwd, 'package.json'), 'utf8'));
  expect(dependencies).toHaveProperty('service-chassis');
});

const answers: Record<string, [RequestListener, string]> = {
  'is too large': [
    (_request, response) => void response.end('x'.repeat(6_000_000)),
    'larger than 5',
  ],
  redirects: [
    (_request, response) =>
      void response.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' }).end(),
    'http://127.0.0.1:1/elsewhere',
  ],
  'is no OpenAPI': [(_request, response) => void response.end('{"a":1}'), 'OpenAPI 3.0 or 3.1'],
  'is no JSON or YAML': [
    (_request, response) => void response.end('{"a":'),
    'cannot be read as JSON',
  ],
  'is not there': [(_request, response) => void response.writeHead(404).end(), 'answered with 404'],
  'breaks off': [
    (_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{');
      setImmediate(() => response.socket?.destroy());
    },
    'cannot be had',
  ],
};

test.each(Object.entries(answers))(
  'a URL that %s is refused, and nothing is changed',
  async (_, [listener, hint]) => {
    const url = await serve(listener);
    const cwd = await ordersIn(await temporaryFolder());
    const before = await treeOf(cwd);
    const { exitCode, stdout, stderr } = await cli(
      ['add', 'client', 'zoo', '--openapi', url, ...quick],
      { cwd },
    );
    expect(exitCode).toBeGreaterThan(0);
    expect(stdout).toBe('');
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await treeOf(cwd)).toEqual(before);
  },
);

test('a URL that hangs is given up', { timeout: 60_000 }, async () => {
  const url = await serve(() => undefined);
  const cwd = await ordersIn(await temporaryFolder());
  const { exitCode, stderr } = await cli(['add', 'client', 'zoo', '--openapi', url, ...quick], {
    cwd,
  });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('did not come within 10 s');
});

test('what cannot be is refused in one sentence, and nothing is changed', {
  timeout: 60_000,
}, async () => {
  const root = await temporaryFolder();
  const cwd = await ordersIn(root);
  await servicesIn(root, {
    parcels: ['--style', 'async', '--datastore', 'none'],
    payments: ['--datastore', 'none'],
  });
  await edit(path.join(cwd, '.env.example'), (text) => `${text}\nCACHE_URL=redis://cache\n`);
  const before = await treeOf(root);
  for (const [args, hint] of [
    [['zoo'], '--openapi'],
    [['orders', '--openapi', menagerie], 'is this service itself'],
    [['Zoo', '--openapi', menagerie], 'add client zoo'],
    [['../zoo', '--openapi', menagerie], 'path'],
    [['cache', '--openapi', menagerie], 'CACHE_URL'],
    [['zoo', '--openapi', 'nowhere.json'], 'no file "nowhere.json"'],
    [['zoo', '--openapi', '..'], 'no service in the folder'],
    [['zoo', '--openapi', 'ftp://zoo/openapi.json'], 'neither http nor https'],
    [['zoo', '--openapi', 'file:///etc/passwd'], 'neither http nor https'],
    [['zoo', '--openapi', 'http://me:secret@zoo/'], 'credentials'],
    [['zoo', '--openapi', menagerie, '--protocol', 'soap'], 'is not one of rest'],
    [['zoo', '--openapi', menagerie, '--operations', 'nothing'], 'no operation "nothing"'],
    [['zoo', '--openapi', menagerie, '--from', 'x'], 'needs no --from'],
    [['parcels'], 'has no API'],
    [['payments'], 'the dependencies of payments are not installed'],
  ] as const) {
    const { exitCode, stdout, stderr } = await cli(['add', 'client', ...args, ...quick], { cwd });
    expect({ code: exitCode !== 0, stdout }, stderr).toEqual({ code: true, stdout: '' });
    expect(stderr.toLowerCase()).toContain(hint.toLowerCase());
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await treeOf(root)).toEqual(before);
  }
});

test('a client that is there already is refused, and so is a file in its place', async () => {
  const cwd = await ordersIn(await temporaryFolder());
  const args = ['add', 'client', 'zoo', '--openapi', menagerie, ...quick];
  await fs.mkdir(path.join(cwd, 'test/clients'));
  await fs.writeFile(path.join(cwd, 'test/clients/zoo.test.ts'), '// ours\n');
  const before = await treeOf(cwd);
  expect(await cli(args, { cwd })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('test/clients/zoo.test.ts is there already'),
  });
  expect(await treeOf(cwd)).toEqual(before);
  await fs.rm(path.join(cwd, 'test/clients/zoo.test.ts'));
  expect((await cli(args, { cwd })).exitCode).toBe(0);
  expect(await cli(args, { cwd })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('is called already, by src/clients/zoo'),
  });
});

test('a README without the section gets it, one without a place for it is left alone', async () => {
  const cwd = await ordersIn(await temporaryFolder());
  const readme = path.join(cwd, 'README.md');
  await edit(readme, (text) => text.replaceAll('\n', '\r\n'));
  await fs.rm(path.join(cwd, '.env.example'));
  await cli(['add', 'client', 'zoo', '--openapi', menagerie, ...quick], { cwd });
  const text = await fs.readFile(readme, 'utf8');
  expect(text).toContain('\r\n| zoo | `app.zooClient` |');
  expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  await fs.writeFile(readme, 'ours\n');
  const { stdout } = await cli(['add', 'client', 'park', '--openapi', menagerie, ...quick], {
    cwd,
  });
  expect(stdout).toContain('README.md has no table of clients');
  expect(await fs.readFile(readme, 'utf8')).toBe('ours\n');
});
