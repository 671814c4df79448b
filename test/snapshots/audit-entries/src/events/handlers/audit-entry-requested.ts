import { defineHandler } from 'service-chassis/events';
import { createAuditEntry } from '../../application/create-audit-entry.ts';
import type { UnitOfWork } from '../../database/unit-of-work.ts';
import requestedEvent from '../schemas/audit-entry-requested.v1.ts';

/** Creates the audit entry that another service requests. */
export default defineHandler({
  event: requestedEvent,
  apply: async (data, work: UnitOfWork) => {
    await createAuditEntry(work, data);
  },
});
