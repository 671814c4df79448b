import { z } from 'zod';

/** `DATABASE_URL` of a MySQL or MariaDB. */
export const urlSchema = z.url({
  protocol: /^(mysql|mariadb)$/,
  error: 'must be a URL such as mysql://user:password@host:3306/database',
});
