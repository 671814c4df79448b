import { z } from 'zod';
import type { DatabaseAddress } from '../store/index.ts';

/** Where the file is: no server is asked, so there is no TLS. */
export const addressSchema = z
  .object({
    DATABASE_URL: z
      .string()
      .regex(/^file:[^?#]+$/, 'must be a file such as file:/data/database.db, without parameters'),
  })
  .transform(({ DATABASE_URL }): DatabaseAddress => ({ DATABASE_URL, DATABASE_TLS: false }));

/** The path in `file:PATH` or `file:///PATH`; a relative one starts where the service was started. */
export function pathOf(url: string): string {
  return url.replace(/^file:(\/\/(?=\/))?/, '');
}
