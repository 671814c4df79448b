import { v7 as uuidv7 } from 'uuid';

/** An audit entry as the service keeps it. */
export interface AuditEntry {
  /** A UUID of version 7: ids sort by the time of creation. */
  readonly id: string;
  /** The caller's own name for the audit entry, 1 to 200 characters. */
  readonly reference: string;
  readonly status: 'open' | 'closed';
  /** Starts at 1 and grows by one with each change. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Returns a new, open audit entry. Without an `id` it gets a new one. */
export function openAuditEntry(reference: string, now: Date, id = uuidv7()): AuditEntry {
  return { id, reference, status: 'open', version: 1, createdAt: now, updatedAt: now };
}

/** What a caller can change. */
export type AuditEntryChanges = Pick<AuditEntry, 'reference' | 'status'>;

/** Returns the audit entry with the changes and the next version; its argument stays as it is. */
export function changeAuditEntry(
  auditEntry: AuditEntry,
  { reference, status }: AuditEntryChanges,
  now: Date,
): AuditEntry {
  return {
    ...auditEntry,
    reference,
    status,
    version: auditEntry.version + 1,
    updatedAt: now,
  };
}
