import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

/** Storage of buildah with an image `node:24-slim`; tests that build images are skipped without it. */
export const imageStore = process.env.CREATE_SERVICE_IMAGES;

/** An image as its Dockerfile describes it, and its file system. */
export interface Image {
  readonly root: string;
  readonly config: {
    readonly User: string;
    readonly WorkingDir: string;
    readonly Env: readonly string[];
    readonly Cmd: readonly string[];
    readonly Healthcheck?: { readonly Test: readonly string[] };
  };
}

/**
 * Builds an image with buildah, without a daemon, for one test.
 *
 * @param context the folder that the Dockerfile copies from.
 * @param registry where packages come from meanwhile.
 * @param dockerfile relative to the context; its ignore file is found as Docker finds it.
 */
export async function buildImage(
  context: string,
  registry: string,
  dockerfile = 'Dockerfile',
): Promise<Image> {
  const name = `create-service-test-${process.pid}-${path.basename(context)}`.toLowerCase();
  const specific = `${dockerfile}.dockerignore`;
  const ignore = await fs.access(path.join(context, specific)).then(
    () => ['--ignorefile', specific],
    () => [],
  );
  const how = ['--isolation', 'chroot', '--format', 'docker', '--pull-never'];
  const from = ['--from', await baseWith(context, name, registry)];
  await buildah(context, [
    'bud',
    ...how,
    ...from,
    ...ignore,
    '--file',
    dockerfile,
    '--tag',
    name,
    '.',
  ]);
  onTestFinished(async () => void (await buildah(context, ['rmi', '--force', name])));
  const container = await buildah(context, ['from', '--pull-never', name]);
  onTestFinished(async () => void (await buildah(context, ['rm', container])));
  const description = JSON.parse(await buildah(context, ['inspect', '--type', 'image', name]));
  return {
    root: await buildah(context, ['mount', container]),
    config: description.Docker.config,
  };
}

/** The base image of the first stage, in which packages come from that registry. */
async function baseWith(context: string, name: string, registry: string): Promise<string> {
  const base = `${name}-base`;
  const container = await buildah(context, ['from', '--pull-never', 'node:24-slim']);
  for (const variable of ['npm_config_registry', 'pnpm_config_registry'])
    await buildah(context, ['config', '--env', `${variable}=${registry}`, container]);
  await buildah(context, ['commit', '--rm', container, base]);
  onTestFinished(async () => void (await buildah(context, ['rmi', '--force', base])));
  return base;
}

async function buildah(cwd: string, args: readonly string[]): Promise<string> {
  const state = path.join(os.tmpdir(), 'create-service-buildah');
  const storage = ['--root', imageStore ?? '', '--runroot', state];
  const { stdout } = await execa('buildah', [...storage, ...args], { cwd, stdin: 'ignore' });
  return stdout.trim();
}
