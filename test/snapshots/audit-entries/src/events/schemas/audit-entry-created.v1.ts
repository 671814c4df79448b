import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** An audit entry was created. */
export default defineEvent({
  type: 'audit-entries.audit-entry-created.v1',
  data: z.object({ id: z.uuid(), reference: z.string() }),
});
