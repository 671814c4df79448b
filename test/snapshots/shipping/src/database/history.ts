import type { Generated } from 'kysely';

declare module './tables.ts' {
  interface Tables {
    schema_history: { name: string; checksum: string; applied_at: Generated<Date> };
  }
}

/** Has a row for each migration that was applied. */
export const historyTable = 'schema_history';
