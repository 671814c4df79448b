import type { UnitOfWork } from '../database/unit-of-work.ts';
import { openAuditEntry } from '../domain/audit-entry.ts';
import { newEvent } from '../events/event.ts';
import createdEvent from '../events/schemas/audit-entry-created.v1.ts';

/** What a caller gives to create an audit entry. */
export interface NewAuditEntry {
  readonly reference: string;
  /** Set by a caller that may repeat its call and must not create a second audit entry. */
  readonly id?: string;
}

/** Creates an audit entry and publishes the event about it, both within the unit of work. */
export async function createAuditEntry(work: UnitOfWork, { reference, id }: NewAuditEntry) {
  const auditEntry = openAuditEntry(reference, new Date(), id);
  await work.repository.insert(auditEntry);
  const data = { id: auditEntry.id, reference };
  await work.publish(newEvent(createdEvent, data.id, data, auditEntry.version));
  return auditEntry;
}
