import { z } from 'zod';

/** `DATABASE_URL` of a PostgreSQL. */
export const urlSchema = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be a URL such as postgres://user:password@host:5432/database',
});
