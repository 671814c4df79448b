import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type BusServer, busServers } from '../support/buses.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { Instance } from '../support/instance.ts';
import { PostgresServer } from '../support/postgres.ts';
import { canMount, type SmallDisk } from '../support/small-disk.ts';
import { type StoreServer, storeServers } from '../support/stores.ts';
import { throughProxy } from '../support/through-proxy.ts';
import { type Dialect, dialects, type Session } from './databases.ts';
import { TcpProxy } from './proxy.ts';
import {
  copyMigrations,
  emitVersion,
  lacksSomething,
  useFormerNames,
  type Version,
  versions,
} from './versions.ts';

/** A service, its database, and what lies between. */
export interface RunningSystemPart {
  readonly name: string;
  /** Where the service of each version lies. */
  readonly folders: Readonly<Record<Version, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly instances: readonly Instance[];
  readonly database: StoreServer;
  /** What its data lie on, where that can be filled. */
  readonly disk: SmallDisk | undefined;
  readonly link: TcpProxy;
  readonly dialect: Dialect;
  /** A connection to the database as its administrator. */
  open(): Promise<Session>;
}

/** orders, which publishes, and inventory, which handles and publishes in turn. */
export interface RunningSystem {
  readonly orders: RunningSystemPart;
  readonly inventory: RunningSystemPart;
  readonly bus: string;
  readonly broker: BusServer;
  readonly brokerLink: TcpProxy;
  /** The version that all run where nothing else is said. */
  readonly version: Version;
  /** Names the order whose events fail; `.log` beside it has a line for each failure. */
  readonly failingFile: string;
}

export interface SystemOptions {
  readonly bus: string;
  readonly datastore: string;
  readonly version: Version;
  readonly instancesEach: number;
}

/** What has to be undone at the end, last first, whatever happened. */
export type Undo = (() => unknown)[];

/** Limits that are soon passed, each longer than what must fit into it. */
const limits = {
  DATABASE_CONNECT_TIMEOUT_MS: '1000',
  DATABASE_STATEMENT_TIMEOUT_MS: '2200',
  EVENTS_HANDLER_TIMEOUT_MS: '4500',
  EVENTS_ATTEMPTS: '8',
};

/** What the version before allowed: an attempt is given up while its statement still waits. */
const impatientLimits = {
  ...limits,
  DATABASE_STATEMENT_TIMEOUT_MS: '10000',
  EVENTS_HANDLER_TIMEOUT_MS: '1000',
};

const diskMegabytes = 300;

/** Emits both services, starts their servers and instances of each, and waits until all are ready. */
export async function startSystem(options: SystemOptions, undo: Undo): Promise<RunningSystem> {
  const { bus, version } = options;
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
  const failingFile = path.join(root, 'failing');
  const environment = {
    ...throughProxy(broker.environment, broker.port, brokerLink.port),
    ...(version === 'old' || lacksSomething(version) ? impatientLimits : limits),
    EVENTS_CREATE_TOPICS: 'true',
    EVENTS_PARTITIONS: '6',
    CHAOS_FAILING_FILE: failingFile,
  };
  const start = (name: string): Promise<RunningSystemPart> =>
    startPart({ ...options, root, name, dependencies: dependencies.folder, environment }, undo);
  const [orders, inventory] = [await start('orders'), await start('inventory')];
  for (const { instances } of [orders, inventory])
    for (const instance of instances) await instance.untilReady(120_000);
  await extendTables(orders);
  await extendTables(inventory);
  return { orders, inventory, bus, broker, brokerLink, version, failingFile };
}

interface PartOptions extends SystemOptions {
  readonly root: string;
  readonly name: string;
  readonly dependencies: string;
  readonly environment: Readonly<Record<string, string>>;
}

async function startPart(options: PartOptions, undo: Undo): Promise<RunningSystemPart> {
  const { name, datastore, version } = options;
  const folders = await emitAll(options);
  const { database, disk } = await storeOf(datastore);
  const dialect = dialects[datastore];
  if (dialect === undefined) throw new Error(`chaos does not speak ${datastore}`);
  const { proxy: link, pointTo } = await TcpProxy.open();
  pointTo(database.port);
  undo.push(
    () => database.dispose(),
    () => link.close(),
  );
  const environment = {
    ...options.environment,
    ...throughProxy(await database.database(name), database.port, link.port),
  };
  const instances: Instance[] = [];
  for (let count = 0; count < options.instancesEach; count += 1) {
    const instance = await Instance.create(folders[version], environment);
    undo.push(() => instance.end('SIGKILL'));
    instances.push(instance);
  }
  const open = (): Promise<Session> => dialect.open(database.port, name);
  return { name, folders, environment, instances, database, disk, link, dialect, open };
}

/** The service by each version, with what `services/` adds to it. */
async function emitAll(options: PartOptions): Promise<Record<Version, string>> {
  const { root, name, datastore, bus, dependencies, version } = options;
  const flags = ['--style', 'both', '--datastore', datastore, '--bus', bus];
  const folders = { current: '', old: '', changed: '', impatient: '', unfenced: '' };
  const wanted = versions.filter((each) => !lacksSomething(each) || version === each);
  for (const each of wanted) {
    const folder = await emitVersion(each, { root, name, flags, dependencies });
    const added = path.join(import.meta.dirname, 'services', name);
    await fs.cp(added, folder, { recursive: true });
    if (each === 'old' || each === 'changed') await useFormerNames(folder, added);
    folders[each] = folder;
  }
  for (const older of ['old', 'changed'] as const)
    await copyMigrations(folders.current, folders[older]);
  return folders;
}

async function storeOf(
  datastore: string,
): Promise<{ database: StoreServer; disk: SmallDisk | undefined }> {
  if (datastore === 'postgres' && canMount) {
    const database = await PostgresServer.create(undefined, diskMegabytes);
    return { database, disk: database.disk };
  }
  const database = await storeServers[datastore]?.create();
  if (database === undefined) throw new Error(`there is no datastore ${datastore}`);
  return { database, disk: undefined };
}

/** Numbers the rows, for the verdict, and adds a column of the outbox that no version has heard of. */
async function extendTables({ name, dialect, open }: RunningSystemPart): Promise<void> {
  const session = await open();
  await session.query(dialect.numberRows(name));
  await session.query(
    `alter table ${dialect.quoted('outbox')} add column unheard_of varchar(20) default 'column'`,
  );
  await session.end();
}
