import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** Another service requests an audit entry. */
export default defineEvent({
  type: 'audit-entries.audit-entry-requested.v1',
  data: z.object({ reference: z.string().min(1).max(200) }),
  receivedOnly: true,
});
