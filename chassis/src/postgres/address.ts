import { z } from 'zod';
import { leavesTlsAlone, tlsInUrl, tlsVariables } from '../store/index.ts';

/** The driver takes what a URL says for more than what it is told otherwise. */
const limit = /[?&](statement|query|idle_in_transaction_session)_timeout=/i;

/** Where the PostgreSQL is, and how it proves that it is the one. */
export const addressSchema = z.object({
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'must be a URL such as postgres://user:password@host:5432/database',
    })
    .refine(leavesTlsAlone, tlsInUrl)
    .refine((url) => !limit.test(url), 'must set no limits: DATABASE_…_TIMEOUT_MS do'),
  ...tlsVariables,
});
