import { z } from 'zod';
import { defineEvent } from '../event.ts';

/** Somebody asks for a new one. */
export default defineEvent({
  type: 'audit-entries.audit-entry-requested.v1',
  data: z.object({ reference: z.string().min(1).max(200) }),
});
