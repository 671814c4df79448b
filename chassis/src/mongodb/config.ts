import { MongoClient } from 'mongodb';
import { z } from 'zod';
import {
  type DatabaseConfig,
  type DatabaseDefaults,
  databaseConfig,
  leavesTlsAlone,
  tlsInUrl,
  tlsVariables,
} from '../store/index.ts';

/** The service's MongoDB database, and the limits of its use. */
export type MongoConfig = DatabaseConfig;

/** Where the MongoDB is, and how it proves that it is the one. */
const address = z.object({
  DATABASE_URL: z
    .string()
    .refine(namesDatabase, {
      error: 'must be a URL such as mongodb://user:password@host:27017/database',
    })
    .refine(leavesTlsAlone, tlsInUrl),
  ...tlsVariables,
});

/**
 * Returns what reads where the database is, and its limits, from `DATABASE_*`.
 *
 * @param defaults unless the variables say otherwise. Times are milliseconds.
 */
export function mongodbConfig(defaults: Partial<DatabaseDefaults> = {}) {
  return databaseConfig(address, defaults);
}

/** The driver judges the URL; what it says is kept back, since it may repeat the password. */
function namesDatabase(url: string): boolean {
  try {
    new MongoClient(url);
  } catch {
    return false;
  }
  // Without a path the driver takes `test`, which may be somebody else's.
  return /^[\w+]+:\/\/[^/?]+\/[^/?]+/.test(url);
}
