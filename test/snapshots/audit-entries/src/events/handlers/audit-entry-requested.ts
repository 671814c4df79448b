import { createAuditEntry } from '../../application/create-audit-entry.ts';
import { defineHandler } from '../handler.ts';
import requestedEvent from '../schemas/audit-entry-requested.v1.ts';

/** Creates the audit entry that another service requests. */
export default defineHandler({
  event: requestedEvent,
  handle: async (data, work) => {
    await createAuditEntry(work, data);
  },
});
