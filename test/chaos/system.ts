import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type BusServer, busServers } from '../support/buses.ts';
import { cli } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { Instance } from '../support/instance.ts';
import { type StoreServer, storeServers } from '../support/stores.ts';
import { throughProxy } from '../support/through-proxy.ts';
import { TcpProxy } from './proxy.ts';

/** A service, its database, and what lies between. */
export interface RunningSystemPart {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly instances: readonly Instance[];
  readonly database: StoreServer;
  readonly link: TcpProxy;
}

/** orders, which publishes, and inventory, which handles. */
export interface RunningSystem {
  readonly orders: RunningSystemPart;
  readonly inventory: RunningSystemPart;
  readonly broker: BusServer;
  readonly brokerLink: TcpProxy;
}

/** What has to be undone at the end, last first, whatever happened. */
export type Undo = (() => unknown)[];

const instancesEach = 3;

/** Emits both services, starts their servers and three instances of each, and waits until all are ready. */
export async function startSystem(
  bus: string,
  datastore: string,
  undo: Undo,
): Promise<RunningSystem> {
  const dependencies = await installedDependencies();
  undo.push(dependencies.dispose);
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-chaos-'));
  await fs.chmod(root, 0o755);
  undo.push(() => fs.rm(root, { recursive: true, force: true }));
  const { proxy: brokerLink, pointTo } = await TcpProxy.open();
  const broker = await busServers[bus]?.create(brokerLink.port);
  if (broker === undefined) throw new Error(`there is no bus ${bus}`);
  pointTo(broker.port);
  undo.push(
    () => broker.dispose(),
    () => brokerLink.close(),
  );
  const busEnvironment = {
    ...throughProxy(broker.environment, broker.port, brokerLink.port),
    EVENTS_CREATE_TOPICS: 'true',
    EVENTS_PARTITIONS: '6',
  };
  const start = async (name: string): Promise<RunningSystemPart> =>
    startPart(
      await emit(root, name, ['--datastore', datastore, '--bus', bus], dependencies.folder),
      name,
      await storeOf(datastore),
      busEnvironment,
      undo,
    );
  const [orders, inventory] = [await start('orders'), await start('inventory')];
  for (const { instances } of [orders, inventory])
    for (const instance of instances) await instance.untilReady();
  return { orders, inventory, broker, brokerLink };
}

async function startPart(
  folder: string,
  name: string,
  database: StoreServer,
  busEnvironment: Readonly<Record<string, string>>,
  undo: Undo,
): Promise<RunningSystemPart> {
  const { proxy: link, pointTo } = await TcpProxy.open();
  pointTo(database.port);
  undo.push(
    () => database.dispose(),
    () => link.close(),
  );
  const environment = {
    ...busEnvironment,
    ...throughProxy(await database.database(name), database.port, link.port),
  };
  const instances: Instance[] = [];
  for (let count = 0; count < instancesEach; count += 1) {
    const instance = await Instance.create(folder, environment);
    undo.push(() => instance.end('SIGKILL'));
    instances.push(instance);
  }
  return { folder, environment, instances, database, link };
}

async function storeOf(datastore: string): Promise<StoreServer> {
  const server = await storeServers[datastore]?.create();
  if (server === undefined) throw new Error(`there is no datastore ${datastore}`);
  return server;
}

/** An emitted service with what `services/` adds to it. */
async function emit(
  root: string,
  name: string,
  choices: readonly string[],
  dependencies: string,
): Promise<string> {
  const args = [
    name,
    '--yes',
    '--style',
    'both',
    ...choices,
    '--cwd',
    root,
    '--no-install',
    '--no-git',
  ];
  const { exitCode, stderr } = await cli(args);
  if (exitCode !== 0) throw new Error(stderr);
  const folder = path.join(root, name);
  await fs.symlink(dependencies, path.join(folder, 'node_modules'));
  await fs.cp(path.join(import.meta.dirname, 'services', name), folder, { recursive: true });
  return folder;
}
