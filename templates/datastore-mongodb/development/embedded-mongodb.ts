import path from 'node:path';
import type { Embed } from './main.ts';
import { databaseUrl, startMongo } from './mongodb.ts';

const database = '__service_snake__';

/**
 * The database `DATABASE_URL`, or the service's own on the server `MONGODB_URL`, or else a MongoDB in
 * `.data`, kept from one start to the next.
 */
const embed: Embed = async (environment) => {
  const { DATABASE_URL, MONGODB_URL } = environment;
  if (DATABASE_URL) return undefined;
  const folder = path.resolve(import.meta.dirname, '../.data/mongodb');
  const server = MONGODB_URL
    ? { url: MONGODB_URL, stop: async () => undefined }
    : await startMongo(folder).catch((error: Error) => {
        console.error(error.message);
        process.exit(1);
      });
  const url = databaseUrl(server.url, database);
  return { environment: { DATABASE_URL: url }, stop: () => server.stop() };
};

export default embed;
