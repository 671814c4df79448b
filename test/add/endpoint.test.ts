import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, temporaryFolder, treeOf } from '../support/cli.ts';
import { edit, servicesIn } from '../support/services.ts';

describe('refused', () => {
  let root: string;

  beforeAll(async () => {
    root = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-test-')));
    await servicesIn(root, {
      orders: ['--datastore', 'none'],
      parcels: ['--style', 'async', '--datastore', 'none'],
    });
    const own = `export default async (app) => {
  app.route({ method: 'GET', url: '/ours/:name/', handler: async () => 1 });
  app.post<{ Body: string }>("/theirs", async () => 1);
};\n`;
    await fs.writeFile(path.join(root, 'orders/src/routes/ours.ts'), own);
  });

  afterAll(() => fs.rm(root, { recursive: true, force: true }));

  test.each([
    ['post /orders/{id}/cancel', 'create-service add endpoint "POST /orders/{id}/cancel"'],
    ['POST /orders/:id/cancel', 'create-service add endpoint "POST /orders/{id}/cancel"'],
    ['POST /orders/x/', 'create-service add endpoint "POST /orders/x"'],
    ['HEAD /orders/x', 'GET, POST, PUT, PATCH or DELETE'],
    ['POST', 'one method and one path'],
    ['POST /a /b', 'one method and one path'],
    ['POST orders', 'begins with "/"'],
    ['POST /', 'empty part'],
    ['POST /orders//x', 'empty part'],
    ['POST /../x', 'kebab-case'],
    ['POST /Orders', 'kebab-case'],
    ["POST /x';process.exit();'", 'kebab-case'],
    ['POST /x?y=1', 'kebab-case'],
    ['POST /оrders', 'U+043E'],
    ['POST /{id}', 'begins with a parameter'],
    ['POST /orders/{id}/{id}', 'twice'],
    [`POST /${'x'.repeat(60)}`, '61 characters'],
    ['GET /health/live', 'platform'],
    ['GET /metrics', 'platform'],
    ['POST /orders', 'already, in src/routes/create-order.ts'],
    ['PUT /orders/{order}', 'already, in src/routes/update-order.ts'],
    ['GET /ours/{id}', 'already, in src/routes/ours.ts'],
    ['POST /theirs', 'already, in src/routes/ours.ts'],
  ])('%j with exit code 2, one sentence, and nothing on disk', async (name, hint) => {
    const before = await treeOf(root);
    const cwd = path.join(root, 'orders');
    const { exitCode, stdout, stderr } = await cli(['add', 'endpoint', name, '--yes'], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await treeOf(root)).toEqual(before);
  });

  test('in a service without an API, which says so', async () => {
    const before = await treeOf(root);
    const cwd = path.join(root, 'parcels');
    const { exitCode, stderr } = await cli(['add', 'endpoint', 'GET /parcels'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('parcels has no API');
    expect(await treeOf(root)).toEqual(before);
  });
});

test('an endpoint is a route and its test, and changes no other file, also of one that was edited', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: ['--datastore', 'none'] });
  const cwd = path.join(root, 'orders');
  await edit(path.join(cwd, 'service.json'), (text) => text.replace(/\n/g, '\r\n'));
  await edit(path.join(cwd, 'README.md'), () => 'ours\n');
  const before = await treeOf(cwd);
  const dry = await cli(['add', 'endpoint', 'POST /orders/{id}/cancel', '--dry-run', '--diff'], {
    cwd,
  });
  expect(dry.stdout).toContain('post-orders-id-cancel.ts');
  expect(await treeOf(cwd)).toEqual(before);
  const { exitCode, stderr } = await cli(['add', 'endpoint', 'POST', '/orders/{id}/cancel'], {
    cwd,
  });
  expect(exitCode, stderr).toBe(0);
  const after = await treeOf(cwd);
  expect(Object.keys(after).filter((file) => after[file] !== before[file])).toEqual([
    'src/routes/post-orders-id-cancel.ts',
    'test/routes',
    'test/routes/post-orders-id-cancel.test.ts',
  ]);
  const again = await cli(['add', 'endpoint', 'POST /orders/{order}/cancel'], { cwd });
  expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('already') });
});

test('a file that stands where the route should go is left alone', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: ['--datastore', 'none'] });
  const cwd = path.join(root, 'orders');
  await fs.writeFile(path.join(cwd, 'src/routes/get-orders-sum.ts'), '// ours\n');
  const before = await treeOf(cwd);
  const { exitCode, stderr } = await cli(['add', 'endpoint', 'GET /orders/sum'], { cwd });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('src/routes/get-orders-sum.ts is there already');
  expect(await treeOf(cwd)).toEqual(before);
});
