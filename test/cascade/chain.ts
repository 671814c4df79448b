import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cli } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { Instance } from '../support/instance.ts';

/** A gateway in front of orders, which calls payments, which calls stock. */
export interface Chain {
  readonly gateway: Instance;
  readonly orders: Instance;
  readonly payments: Instance;
  readonly stock: Instance;
}

/** What has to be undone at the end, last first, whatever happened. */
export type Undo = (() => unknown)[];

/** Who calls whom, by the variables that the caller reads. */
const callers = { gateway: 'ORDERS', orders: 'NEXT', payments: 'NEXT' } as const;

/** Settings of a policy with which it never steps in. */
const withoutPolicy = {
  ATTEMPT_TIMEOUT_MS: '500000',
  TOTAL_TIMEOUT_MS: '500000',
  ATTEMPTS: '1',
  CIRCUIT_FAILURES: '10000',
  CIRCUIT_FAILURE_RATE: '1',
  CIRCUIT_CALLS: '10000',
  CONCURRENCY: '10000',
  QUEUE: '10000',
};

/** What the service itself must bear with either. */
const limits = { RATE_LIMIT_PER_MINUTE: '0', SHUTDOWN_TIMEOUT_MS: '600000' };

/**
 * Emits all four and starts them, the last of the chain first.
 *
 * @param policy settings of every caller's policy that are not the emitted defaults; `off` for none.
 */
export async function startChain(
  policy: Readonly<Record<string, string>> | 'off',
  undo: Undo,
): Promise<Chain> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-cascade-'));
  undo.push(() => fs.rm(root, { recursive: true, force: true }));
  const dependencies = await installedDependencies();
  undo.push(dependencies.dispose);
  const settings = policy === 'off' ? withoutPolicy : policy;
  const start = async (name: keyof Chain, callee?: Instance): Promise<Instance> => {
    const folder = await emit(root, name, dependencies.folder);
    const prefix = name === 'stock' ? undefined : callers[name];
    const called = prefix === undefined ? {} : prefixed(prefix, { ...settings, URL: callee?.url });
    const instance = await Instance.create(folder, { ...limits, ...called });
    undo.push(() => instance.end('SIGKILL'));
    await instance.untilReady();
    return instance;
  };
  const stock = await start('stock');
  const payments = await start('payments', stock);
  const orders = await start('orders', payments);
  return { stock, payments, orders, gateway: await start('gateway', orders) };
}

async function emit(root: string, name: keyof Chain, dependencies: string): Promise<string> {
  const kind = name === 'gateway' ? ['--kind', 'gateway'] : ['--datastore', 'none'];
  await run([name, '--yes', ...kind, '--cwd', root, '--no-install', '--no-git']);
  const folder = path.join(root, name);
  if (name === 'gateway') {
    await run([
      'add',
      'route',
      '/api/orders',
      '--to',
      'orders',
      '--public',
      'yes',
      '--cwd',
      folder,
    ]);
  } else if (name !== 'stock') {
    await fs.cp(path.join(import.meta.dirname, 'services', name), folder, { recursive: true });
  }
  await link(folder, { folder: dependencies });
  return folder;
}

async function run(args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await cli([...args]);
  if (exitCode !== 0) throw new Error(stderr);
}

function prefixed(
  prefix: string,
  settings: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const named = Object.entries(settings).flatMap(([key, value]) =>
    value === undefined ? [] : [[`${prefix}_${key}`, value] as const],
  );
  return Object.fromEntries(named);
}
