import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { cli, temporaryFolder } from '../support/cli.ts';
import { restrictionsIn, runContainer } from '../support/container.ts';
import { buildImage, imageStore } from '../support/image.ts';
import { KafkaServer, kafkaJars } from '../support/kafka.ts';
import { type LocalRegistry, startLocalRegistry } from '../support/local-registry.ts';
import { freePort } from '../support/ports.ts';
import { PostgresServer } from '../support/postgres.ts';

const managers = process.env.CREATE_SERVICE_PACKAGE_MANAGERS;
const provided = imageStore !== undefined && managers !== undefined && kafkaJars !== undefined;

let postgres: PostgresServer;
let kafka: KafkaServer;
let registry: LocalRegistry;

beforeAll(async () => {
  if (!provided) return;
  postgres = await PostgresServer.create();
  kafka = await KafkaServer.create();
  registry = await startLocalRegistry();
});

afterAll(async () => {
  await registry?.stop();
  await kafka?.dispose();
  await postgres?.dispose();
});

/** Writes a lockfile, as the first installation does, without downloading what it names. */
const lock = {
  npm: ['install', '--package-lock-only'],
  pnpm: ['install', '--lockfile-only', '--no-frozen-lockfile'],
  yarn: ['install', '--mode=update-lockfile'],
  bun: ['install', '--lockfile-only'],
};

const all = (['npm', 'pnpm', 'yarn', 'bun'] as const).flatMap((manager) =>
  ['sync', 'async', 'both'].flatMap((style) =>
    ['alone', 'in a workspace'].map((place) => ({ manager, style, place })),
  ),
);

/** Few in every run, because each takes half a minute; `CREATE_SERVICE_IMAGES_ALL=1` builds all. */
const cases =
  process.env.CREATE_SERVICE_IMAGES_ALL === undefined
    ? ([
        { manager: 'npm', style: 'both', place: 'alone' },
        { manager: 'pnpm', style: 'sync', place: 'in a workspace' },
      ] as const)
    : all;

test.skipIf(!provided).for(cases)(
  'the image of a service of style $style, by $manager, $place, runs as its Deployment says',
  { timeout: 300_000 },
  async ({ manager, style, place }) => {
    const root = await temporaryFolder();
    const env = { ...registry.environment, PATH: `${managers}:${process.env.PATH}`, CI: '' };
    if (place !== 'alone') await makeWorkspace(root, manager);
    const flags = ['--yes', '--style', style, '--package-manager', manager];
    await cli(['orders', ...flags, '--no-install', '--no-git', '--cwd', root], { env });
    const folder = path.join(root, place === 'alone' ? 'orders' : 'services/orders');
    const context = place === 'alone' ? folder : root;
    if (manager === 'yarn') await fs.writeFile(path.join(context, 'yarn.lock'), '');
    await execa(manager, lock[manager], { cwd: context, env, stdin: 'ignore' });

    const dockerfile = path.relative(context, path.join(folder, 'Dockerfile'));
    const image = await buildImage(context, registry.url, dockerfile);
    expect(image.config.User).toBe('node');
    expect(await developmentPackagesIn(image.root, folder)).toEqual([]);
    const added = path.join(image.root, place === 'alone' ? 'app' : 'workspace');
    const { stdout: size } = await execa('du', ['--summarize', '--block-size=MB', added]);
    expect(Number.parseInt(size, 10), 'megabytes beside Node').toBeLessThan(100);

    const port = String(await freePort());
    const container = await runContainer(
      root,
      image,
      {
        PORT: port,
        HOST: '127.0.0.1',
        SHUTDOWN_DRAIN_MS: '0',
        ...(await postgres.database(`image_${manager}_${style}_${Date.now()}`)),
        ...(style === 'sync' ? {} : { ...kafka.environment, EVENTS_CREATE_TOPICS: 'true' }),
      },
      await restrictionsIn(path.join(folder, 'deploy/kubernetes.yaml')),
    );
    const url = `http://127.0.0.1:${port}`;
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
        expect(answer?.status, container.output()).toBe(200);
      },
      { timeout: 30_000, interval: 100 },
    );
    for (const probe of ['live', 'startup']) {
      expect((await fetch(`${url}/health/${probe}`)).status).toBe(200);
    }
    const [, ...healthcheck] = image.config.Healthcheck?.Test ?? [];
    expect(await container.exec(healthcheck)).toBe(0);
    if (style !== 'async') {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ reference: 'from outside' });
      const answer = await fetch(`${url}/orders`, { method: 'POST', headers, body });
      expect(answer.status, await answer.text()).toBe(201);
    }
    await container.kill('TERM');
    expect(await container.exited, container.output()).toBe(0);
  },
);

/** A workspace with another member, of which nothing may come into the image. */
async function makeWorkspace(root: string, manager: string): Promise<void> {
  const write = (file: string, text: string) => fs.writeFile(path.join(root, file), text);
  const manifest = { name: 'shop', private: true, workspaces: ['services/*'] };
  await write('package.json', JSON.stringify(manifest));
  if (manager === 'pnpm') await write('pnpm-workspace.yaml', 'packages: ["services/*"]\n');
  if (manager === 'yarn') await write('.yarnrc.yml', 'nodeLinker: node-modules\n');
  await fs.mkdir(path.join(root, 'services/other'), { recursive: true });
  const other = { name: 'other', version: '1.0.0', dependencies: { vitest: '5.1.1' } };
  await write('services/other/package.json', JSON.stringify(other));
}

/** Everything in an image's `node_modules` that the service only needs for development. */
async function developmentPackagesIn(image: string, folder: string): Promise<string[]> {
  const manifest = JSON.parse(await fs.readFile(path.join(folder, 'package.json'), 'utf8'));
  const names = new Set(Object.keys(manifest.devDependencies));
  expect(names.size).toBeGreaterThan(4);
  const { stdout } = await execa('find', [
    image,
    '-name',
    'package.json',
    '-path',
    '*node_modules*',
  ]);
  const packages = stdout.split('\n').map((file) => path.dirname(file));
  expect(packages.length).toBeGreaterThan(50);
  return packages.filter((found) => names.has(found.split('/node_modules/').at(-1) ?? ''));
}
