import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { cli } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { RunningService } from '../support/running-service.ts';
import { servicesIn } from '../support/services.ts';
import { type Answer, rawUpstream } from './upstream.ts';

/** The folders of what is emitted for one file of tests. */
interface Folders {
  /** A gateway whose `/api/things` is the public `/things` of an upstream. */
  readonly gateway: string;
  /** A service without a database. */
  readonly orders: string;
}

/** Emits both before the tests of a file, and removes them afterwards. */
export function emittedForAll(): () => Folders {
  let folders: Folders | undefined;
  const undo: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-gateway-'));
    undo.push(() => fs.rm(root, { recursive: true, force: true }));
    const dependencies = await installedDependencies();
    undo.push(() => dependencies.dispose());
    const [gateway, orders] = [path.join(root, 'gateway'), path.join(root, 'orders')];
    await servicesIn(root, { gateway: ['--kind', 'gateway'], orders: ['--datastore', 'none'] });
    const route = ['add', 'route', '/api/things', '--to', 'things', '--public', 'yes', '--yes'];
    const { exitCode, stderr } = await cli(route, { cwd: gateway });
    if (exitCode !== 0) throw new Error(stderr);
    for (const folder of [gateway, orders]) await link(folder, dependencies);
    folders = { gateway, orders };
  }, 300_000);
  afterAll(async () => {
    for (const step of undo) await step();
  });
  return () => {
    if (folders === undefined) throw new Error('nothing was emitted');
    return folders;
  };
}

/** Starts the gateway before an upstream that answers so; it counts nobody's requests. */
export async function startGateway(
  { gateway }: Folders,
  answer: Answer,
  environment: Readonly<Record<string, string>> = {},
) {
  const upstream = await rawUpstream(answer);
  const entry = await RunningService.start(gateway, {
    THINGS_URL: upstream.url,
    THINGS_BACKOFF_BASE_MS: '1',
    RATE_LIMIT_PER_MINUTE: '0',
    LOG_LEVEL: 'error',
    ...environment,
  });
  await entry.waitFor('ready', 200);
  return { upstream, url: `${entry.url}/api/things`, entry };
}

/** The status of an answer, once it is here whole. */
export async function statusOf(url: string, options: RequestInit = {}): Promise<number> {
  const answer = await fetch(url, options);
  await answer.arrayBuffer();
  return answer.status;
}
