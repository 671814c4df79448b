import { isIP } from 'node:net';
import { z } from 'zod';
import { leavesTlsAlone, tlsInUrl, tlsVariables } from '../store/index.ts';

/** Where the MySQL or MariaDB is, and how it proves that it is the one. */
export const addressSchema = z
  .object({
    DATABASE_URL: z
      .url({
        protocol: /^(mysql|mariadb)$/,
        error: 'must be a URL such as mysql://user:password@host:3306/database',
      })
      .refine(leavesTlsAlone, tlsInUrl),
    ...tlsVariables,
  })
  // Where there is no name, the driver takes a certificate for `localhost` as good.
  .refine(({ DATABASE_URL, DATABASE_TLS }) => !DATABASE_TLS || hasName(DATABASE_URL), {
    path: ['DATABASE_URL'],
    error: 'must have the name of a host, not its number, for DATABASE_TLS',
  });

function hasName(url: string): boolean {
  return isIP(new URL(url).hostname.replace(/^\[|\]$/g, '')) === 0;
}
