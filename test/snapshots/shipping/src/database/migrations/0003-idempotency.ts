import type { Kysely } from 'kysely';

export async function up(kysely: Kysely<unknown>): Promise<void> {
  await kysely.schema
    .createTable('idempotency_keys')
    .addColumn('id', 'varchar(255)', (column) => column.primaryKey())
    .addColumn('fingerprint', 'varchar(64)', (column) => column.notNull())
    .addColumn('answer', 'text', (column) => column.notNull())
    .addColumn('kept_at', 'bigint', (column) => column.notNull())
    .execute();
  await kysely.schema
    .createIndex('idempotency_keys_kept_at')
    .on('idempotency_keys')
    .column('kept_at')
    .execute();
}
