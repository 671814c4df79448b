import { MongoClient } from 'mongodb';
import { z } from 'zod';
import { leavesTlsAlone, tlsInUrl, tlsVariables } from './tls.ts';

/** Where the MongoDB is, and how it proves that it is the one. */
export const addressSchema = z.object({
  DATABASE_URL: z
    .string()
    .refine(namesDatabase, {
      error: 'must be a URL such as mongodb://user:password@host:27017/database',
    })
    .refine(leavesTlsAlone, tlsInUrl),
  ...tlsVariables,
});

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
