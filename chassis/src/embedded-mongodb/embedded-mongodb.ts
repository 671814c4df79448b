import fs from 'node:fs/promises';
import { MongoClient } from 'mongodb';
import {
  databaseStandIn,
  type LocalServer,
  NoServerError,
  packageUrl,
  type StandIn,
} from '../stand-ins/index.ts';

/** As much of the package `mongodb-memory-server-core` as is used here. */
interface MemoryServerModule {
  readonly MongoBinary: { getPath(): Promise<string> };
  readonly MongoMemoryServer: {
    create(options: object): Promise<{
      getUri(): string;
      stop(options: { readonly doCleanup: boolean }): Promise<unknown>;
    }>;
  };
}

/**
 * A MongoDB of this machine, or one that is downloaded: what stands in for the database in development and
 * tests, unless `DATABASE_URL` names another. `MONGODB_URL` names a server on which it has a database.
 *
 * @param database its name in development.
 * @param service URL of a module of the service, `import.meta.url`, which has the package for development.
 */
export function embeddedMongodb(database: string, service: string): StandIn {
  return databaseStandIn(database, {
    kind: 'mongodb',
    serverVariable: 'MONGODB_URL',
    start: (folder) => start(folder, packageUrl('mongodb-memory-server-core', service)),
    create: async (server, name) => urlOf(server, name),
    drop,
    // On a busy machine, what many do at once may wait for its turn.
    testVariables: { DATABASE_CONNECT_TIMEOUT_MS: '20000', SHUTDOWN_TIMEOUT_MS: '60000' },
  });
}

/**
 * Starts MongoDB on a folder. The program is downloaded when it is not on this machine
 * (`mongodb-memory-server` knows where from and where to). It ends with this process, however that ends.
 */
async function start(folder: string, module: string): Promise<LocalServer> {
  const { MongoBinary, MongoMemoryServer }: MemoryServerModule = await import(module);
  const systemBinary = await MongoBinary.getPath().catch((error: unknown) => {
    throw new NoServerError(
      'There is no MongoDB to use. Set MONGODB_URL to a server (mongodb://localhost:27017), or ' +
        `MONGOMS_SYSTEM_BINARY to the program mongod. None could be downloaded: ${reasonOf(error)}`,
    );
  });
  await fs.mkdir(folder, { recursive: true });
  const server = await MongoMemoryServer.create({
    instance: { dbPath: folder, storageEngine: 'wiredTiger' },
    binary: { systemBinary },
    // Not in our process group: Ctrl-C must not stop it before the service has finished with it.
    spawn: { detached: true },
  });
  return {
    url: server.getUri(),
    // What it holds is the folder's, and the folder is the caller's.
    stop: async () => void (await server.stop({ doCleanup: false })),
  };
}

/** The URL of one database on a server; MongoDB makes it when something is written. */
function urlOf(server: string, database: string): string {
  const [, before, query = ''] = /^(\w+(?:\+srv)?:\/\/[^/?]+)\/?[^?]*(\?.*)?$/.exec(server) ?? [];
  if (before === undefined)
    throw new NoServerError('MONGODB_URL must be a URL such as mongodb://host:27017');
  return `${before}/${database}${query}`;
}

async function drop(server: string, database: string): Promise<void> {
  const client = new MongoClient(urlOf(server, database));
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n').join(' ') : String(error);
}
