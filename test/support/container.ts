import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Image } from './image.ts';

/** How Kubernetes runs a container: what a Deployment says of it. */
export interface Restrictions {
  readonly user: number;
  readonly readOnly: boolean;
  /** Bytes. */
  readonly memoryLimit: number;
}

/** Reads them from Kubernetes manifests with one Deployment of one container. */
export async function restrictionsIn(manifests: string): Promise<Restrictions> {
  const documents = parseAllDocuments(await fs.readFile(manifests, 'utf8'));
  const deployment = documents
    .map((document) => document.toJS())
    .find(({ kind }) => kind === 'Deployment');
  const { securityContext, containers } = deployment.spec.template.spec;
  const [{ resources, securityContext: own }] = containers;
  return {
    user: securityContext.runAsUser,
    readOnly: own.readOnlyRootFilesystem,
    memoryLimit: Number.parseInt(resources.limits.memory, 10) * 2 ** 20,
  };
}

/** A container of runc: its own process tree and mounts, no capabilities, the machine's network. */
export interface Container {
  readonly output: () => string;
  readonly exited: Promise<number | null>;
  /** Runs a command inside, and returns its exit code. */
  exec(command: readonly string[]): Promise<number | undefined>;
  /** Sends a signal to the first process inside, as an engine does. */
  kill(signal: 'TERM' | 'KILL'): Promise<void>;
}

/** Runs an image's command until the test ends. */
export async function runContainer(
  folder: string,
  image: Image,
  environment: Readonly<Record<string, string>>,
  restrictions: Restrictions,
): Promise<Container> {
  const bundle = path.join(folder, 'bundle');
  await fs.mkdir(bundle);
  const specification = specificationOf(image, environment, restrictions);
  await fs.writeFile(path.join(bundle, 'config.json'), JSON.stringify(specification));
  const runc = ['--root', path.join(folder, 'runc')];
  const id = 'service';
  const child = spawn('runc', [...runc, 'run', '--bundle', bundle, id], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit').then(([code]) => code);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data;
    });
  }
  const kill = async (signal: string): Promise<void> => {
    await execa('runc', [...runc, 'kill', id, signal], { reject: false });
  };
  onTestFinished(async () => {
    await kill('KILL');
    await exited;
  });
  return {
    output: () => output,
    exited,
    kill,
    async exec(command) {
      const { exitCode } = await execa('runc', [...runc, 'exec', id, ...command], {
        reject: false,
        stdin: 'ignore',
      });
      return exitCode;
    },
  };
}

/** The bundle's configuration in the words of the OCI runtime specification. */
function specificationOf(
  { root, config }: Image,
  environment: Readonly<Record<string, string>>,
  { user, readOnly, memoryLimit }: Restrictions,
): object {
  const none: string[] = [];
  return {
    ociVersion: '1.0.2',
    root: { path: root, readonly: readOnly },
    process: {
      user: { uid: user, gid: user },
      args: config.Cmd,
      cwd: config.WorkingDir,
      env: [...config.Env, ...Object.entries(environment).map((entry) => entry.join('='))],
      capabilities: { bounding: none, effective: none, inheritable: none, permitted: none },
      noNewPrivileges: true,
    },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
    ],
    linux: {
      namespaces: [{ type: 'pid' }, { type: 'mount' }, { type: 'ipc' }, { type: 'uts' }],
      cgroupsPath: `/create-service-test-${process.pid}-${Date.now()}`,
      resources: { memory: { limit: memoryLimit } },
    },
  };
}
