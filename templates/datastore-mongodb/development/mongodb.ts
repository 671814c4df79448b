import fs from 'node:fs/promises';
import { MongoBinary, MongoMemoryServer } from 'mongodb-memory-server-core';

/** A MongoDB server of our own, for development and tests. */
export interface LocalMongo {
  /** URL of the server, without a database. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts MongoDB on a folder. The program is downloaded when it is not on this machine
 * (`mongodb-memory-server` knows where from and where to). It ends with this process, however that ends.
 *
 * @throws Error that says what to set where no program can be had.
 */
export async function startMongo(folder: string): Promise<LocalMongo> {
  const systemBinary = await MongoBinary.getPath().catch((error: unknown) => {
    throw new Error(
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

/** The URL of one database on a server. */
export function databaseUrl(server: string, database: string): string {
  const [, before, query = ''] = /^(\w+(?:\+srv)?:\/\/[^/?]+)\/?[^?]*(\?.*)?$/.exec(server) ?? [];
  if (before === undefined)
    throw new Error('MONGODB_URL must be a URL such as mongodb://host:27017');
  return `${before}/${database}${query}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n').join(' ') : String(error);
}
