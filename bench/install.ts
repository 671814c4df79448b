import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { startLocalRegistry } from '../test/support/local-registry.ts';

/**
 * `npm install` of a new service against that of what Nest and Platformatic begin with: seconds and megabytes, from a
 * cache that has all of it, turn about. `node bench/install.ts [ROUNDS]`.
 */
const rounds = Number(process.argv[2] ?? 3);
const cli = path.resolve(import.meta.dirname, '../dist/cli.cjs');
const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-install-'));
const registry = await startLocalRegistry();

/** Nest's starter, by its own generator, and with what it takes to do as much: a database, a bus, probes, a document. */
async function nest(folder: string, more: readonly string[]): Promise<void> {
  const args = [
    'new',
    path.basename(folder),
    '--skip-install',
    '--skip-git',
    '--package-manager=npm',
  ];
  await execa('npx', ['--yes', '@nestjs/cli', ...args], {
    cwd: path.dirname(folder),
    stdin: 'ignore',
  });
  await addTo(folder, more);
}

async function addTo(folder: string, packages: readonly string[]): Promise<void> {
  const file = path.join(folder, 'package.json');
  const manifest = JSON.parse(await fs.readFile(file, 'utf8'));
  for (const name of packages)
    manifest.dependencies = { ...manifest.dependencies, [name]: 'latest' };
  await fs.writeFile(file, JSON.stringify(manifest));
}

const ours = (flags: readonly string[]) => async (folder: string) => {
  const args = [path.basename(folder), '--yes', '--no-install', '--no-git', ...flags];
  await execa('node', [cli, ...args], { cwd: path.dirname(folder) });
};

const projects: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  'create-service, sync, postgres': ours([]),
  'create-service, both, postgres, kafka': ours(['--style', 'both']),
  'create-service, gateway': ours(['--kind', 'gateway']),
  'Nest, as made': (folder) => nest(folder, []),
  'Nest, with database, bus, probes, document': (folder) =>
    nest(folder, [
      ...['@nestjs/typeorm', 'typeorm', 'pg', '@nestjs/microservices', 'kafkajs'],
      ...[
        '@nestjs/terminus',
        '@nestjs/swagger',
        '@nestjs/config',
        'class-validator',
        'class-transformer',
      ],
    ]),
  'Platformatic service with Watt, without a database': async (folder) => {
    await fs.mkdir(folder);
    await fs.writeFile(path.join(folder, 'package.json'), '{"name":"orders","private":true}');
    await addTo(folder, ['wattpm', '@platformatic/service', '@platformatic/kafka', 'typescript']);
  },
};

try {
  const figures = new Map<string, { seconds: number[]; megabytes: number; packages: number }>();
  // The first round fills the cache, and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, make] of Object.entries(projects)) {
      const folder = path.join(
        root,
        `p${round}-${figures.size}-${Object.keys(projects).indexOf(name)}`,
      );
      await make(folder);
      const started = performance.now();
      await execa('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], {
        cwd: folder,
        stdin: 'ignore',
        env: registry.environment,
      });
      const seconds = (performance.now() - started) / 1000;
      const { stdout: size } = await execa('du', ['-sm', path.join(folder, 'node_modules')]);
      const lock = JSON.parse(await fs.readFile(path.join(folder, 'package-lock.json'), 'utf8'));
      const former = figures.get(name)?.seconds ?? [];
      figures.set(name, {
        seconds: round === 0 ? [] : [...former, seconds],
        megabytes: Number.parseInt(size, 10),
        packages: Object.keys(lock.packages).length - 1,
      });
      await fs.rm(folder, { recursive: true });
    }
  }
  for (const [name, { seconds, megabytes, packages }] of figures) {
    const median = seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? Number.NaN;
    console.log(`${name}: ${median.toFixed(1)} s, ${megabytes} MB, ${packages} packages`);
  }
} finally {
  await registry.stop();
  await fs.rm(root, { recursive: true, force: true });
}
