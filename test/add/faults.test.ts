import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cli, temporaryFolder, treeOf } from '../support/cli.ts';
import { expectAllOrNothing } from '../support/kill-at-random.ts';
import { servicesIn } from '../support/services.ts';

/** The longest of the additions: it also lays a bus, and changes six files that are there. */
const args = ['add', 'event', 'order-shipped', '--yes', '--no-install'];

test('SIGKILL at random instants leaves all of an addition or nothing of it, and the next run goes on', {
  timeout: 240_000,
}, async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: [] });
  await expectAllOrNothing(path.join(root, 'orders'), args, 20_261_125);
});

test('what a run leaves that was killed together with its watchdog is undone by the next', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: ['--style', 'both', '--datastore', 'none'] });
  const cwd = path.join(root, 'orders');
  const manifest = await fs.readFile(path.join(cwd, 'service.json'), 'utf8');
  const journal = path.join(cwd, '.create-service-4194305-abc');
  await fs.mkdir(path.join(journal, 'old'), { recursive: true });
  await fs.writeFile(path.join(journal, 'old/service.json'), manifest);
  const half = { created: ['src/half.ts'], replaced: ['service.json'], folders: [] };
  await fs.writeFile(path.join(journal, 'journal.json'), JSON.stringify(half));
  await fs.writeFile(path.join(cwd, 'src/half.ts'), 'half');
  await fs.writeFile(
    path.join(cwd, 'service.json'),
    manifest.replace('order-created', 'order-shipped'),
  );
  const before = await treeOf(cwd);
  const look = await cli(['add', 'event', 'order-shipped', '--dry-run'], { cwd });
  expect(look).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('unfinished') });
  expect(await treeOf(cwd)).toEqual(before);

  expect((await cli(['add', 'event', 'order-shipped'], { cwd })).exitCode).toBe(0);
  const after = await treeOf(cwd);
  expect(after).not.toHaveProperty('src/half.ts');
  expect(after).not.toHaveProperty('.create-service-4194305-abc');
  expect(JSON.parse(after['service.json'] ?? '').events.publishes).toEqual([
    'orders.order-created.v1',
    'orders.order-shipped.v1',
  ]);
});

test('of additions at once none undoes another: each is there whole, or its run says so', {
  timeout: 120_000,
}, async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: ['--style', 'both', '--datastore', 'none'] });
  const cwd = path.join(root, 'orders');
  for (let round = 0; round < 8; round += 1) {
    const names = [0, 1, 2].map((index) => `event-${round}-${index}-seen`);
    const runs = await Promise.all(names.map((name) => cli(['add', 'event', name], { cwd })));
    const manifest = JSON.parse(await fs.readFile(path.join(cwd, 'service.json'), 'utf8'));
    const files = await fs.readdir(path.join(cwd, 'src/events/schemas'));
    for (const [index, name] of names.entries()) {
      const { exitCode, stderr } = runs[index] ?? {};
      const isThere = files.includes(`${name}.v1.ts`);
      expect(exitCode, stderr).toBe(isThere ? 0 : 1);
      expect(manifest.events.publishes.includes(`orders.${name}.v1`)).toBe(isThere);
      if (!isThere) expect(stderr).toMatch(/is writing into|changed while this ran/);
    }
  }
  const strays = (await fs.readdir(cwd)).filter((name) => name.startsWith('.create-service'));
  expect(strays).toEqual([]);
});
