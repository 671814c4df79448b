import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { servicesIn } from '../support/services.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

/**
 * The most files that run from a request to its SQL, and from an event to its. A reader opens fewer of the
 * chassis': hooks for identifiers and deadlines run for everything, and are read once. It is to come down.
 */
const most = { request: { service: 9, all: 39 }, event: { service: 6, all: 39 } };

/** What runs beside it: the relay, which wakes when something was written, and what stands in for a bus. */
const beside =
  /^chassis\/(outbox\/(register-outbox|relay)|relational\/(outbox|relay-turn)|postgres\/wake-ups|development\/)/;

test('few files run for a request and for an event', { timeout: 120_000 }, async () => {
  const root = await temporaryFolder();
  const flags = ['--style', 'both', '--datastore', 'postgres', '--bus', 'kafka'];
  await servicesIn(root, { orders: flags });
  const folder = path.join(root, 'orders');
  await link(folder, dependencies);
  const node = path.join(packageRoot, 'node_modules/node/bin/node');
  const worker = path.join(import.meta.dirname, 'files-run.ts');
  const env = { DATABASE_URL: '' };
  const { stdout } = await execa(node, [worker, folder], { cwd: folder, env });
  const run: Record<keyof typeof most, string[]> = JSON.parse(stdout.split('\n').at(-1) ?? '');
  for (const kind of ['request', 'event'] as const) {
    const all = run[kind].filter((file) => !beside.test(file));
    const service = all.filter((file) => file.startsWith('src/'));
    console.log(kind, { service: service.length, all: all.length }, all.join(' '));
    expect(service.length).toBeGreaterThan(3);
    expect(service.length).toBeLessThanOrEqual(most[kind].service);
    expect(all.length).toBeLessThanOrEqual(most[kind].all);
  }
});
