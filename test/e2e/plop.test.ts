import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { packageRoot, temporaryFolder } from '../support/cli.ts';

test("a person's own plopfile loads the generators and runs them", async () => {
  const root = await temporaryFolder();
  await fs.mkdir(path.join(root, 'node_modules'));
  await fs.symlink(packageRoot, path.join(root, 'node_modules/create-service'));
  await fs.writeFile(
    path.join(root, 'plopfile.mjs'),
    "export default async (plop) => { await plop.load('create-service'); };\n",
  );
  const plop = path.join(packageRoot, 'node_modules/.bin/plop');
  const chosen = { kind: 'service', style: 'sync', protocol: 'rest', datastore: 'none' };
  const given = { name: 'orders', ...chosen, description: 'Orders' };
  const answers = Object.entries(given).flatMap(([key, value]) => [`--${key}`, value]);
  await execa(plop, ['service', '--', ...answers], { cwd: root, stdin: 'ignore' });
  const manifest = JSON.parse(await fs.readFile(path.join(root, 'orders/service.json'), 'utf8'));
  expect(manifest).toMatchObject({ name: 'orders', style: 'sync', datastore: 'none' });

  const dest = path.join(root, 'orders');
  const grow = async (...args: string[]): Promise<string> => {
    const { all } = await execa(plop, ['--dest', dest, ...args], {
      cwd: root,
      stdin: 'ignore',
      all: true,
    });
    return all;
  };
  expect(await grow('event', '--', '--name', 'order-shipped')).toContain(
    'package.json has changed',
  );
  const handler = ['handler', '--', '--from', 'payments', '--name', 'payment-received'];
  expect(await grow(...handler)).toContain('handles payments.payment-received.v1');
  const grown = JSON.parse(await fs.readFile(path.join(root, 'orders/service.json'), 'utf8'));
  expect(grown).toMatchObject({
    style: 'both',
    events: { publishes: ['orders.order-shipped.v1'], handles: ['payments.payment-received.v1'] },
  });
});
