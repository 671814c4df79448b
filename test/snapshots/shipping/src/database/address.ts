import { z } from 'zod';
import { tlsVariables } from './tls.ts';

/** Where the PostgreSQL is, and how it proves that it is the one. */
export const addressSchema = z.object({
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'must be a URL such as postgres://user:password@host:5432/database',
  }),
  ...tlsVariables,
});
