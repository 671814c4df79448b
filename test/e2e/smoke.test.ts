import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link } from '../support/emitted.ts';
import { RunningService } from '../support/running-service.ts';
import { servicesIn } from '../support/services.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

test('smoke changes nothing of a running service unless it is told to create, and leaves nothing', {
  timeout: 60_000,
}, async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { bills: ['--style', 'sync', '--datastore', 'none'] });
  const bills = path.join(root, 'bills');
  await link(bills, dependencies);
  const service = await RunningService.start(bills, { LOG_LEVEL: 'info' });
  onTestFinished(() => void service.child.kill('SIGKILL'));
  await service.waitFor('ready', 200);
  const asked = () => service.output.match(/"method":"(POST|DELETE)"/g) ?? [];
  const looked = await expectScript(bills, 'smoke', [service.url]);
  expect(looked).toContain('GET /health/ready → 200');
  expect(asked()).toEqual([]);
  const created = await expectScript(bills, 'smoke', [service.url, '--create']);
  expect(created).toMatch(/created [\s\S]*read back [\s\S]*deleted /);
  await expect.poll(asked).toEqual(['"method":"POST"', '"method":"DELETE"']);
  expect(await (await fetch(`${service.url}/bills`)).json()).toMatchObject({ items: [] });
});
