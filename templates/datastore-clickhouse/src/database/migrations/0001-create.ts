/**
 * Each change adds a row with the next version, and none is ever changed: what an aggregate is now, is
 * its newest version; of two rows for one version the first counts. `_block_number` tells which that
 * is, also after merges. `id` is text because ClickHouse sorts a UUID by its second half.
 */
export async function up(run: (statement: string) => Promise<void>): Promise<void> {
  await run(`create table if not exists "__service_snake__" (
    id String,
    version UInt32,
    reference String,
    status Enum8('open' = 1, 'closed' = 2),
    created_at DateTime64(3, 'UTC'),
    updated_at DateTime64(3, 'UTC'),
    deleted Bool,
    writer String,
    cause String
  )
  engine = MergeTree
  order by (id, version)
  settings
    enable_block_number_column = 1,
    non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1,
    fsync_part_directory = 1`);
  await run(`create view if not exists "__service_snake___current" as
    select id, version, reference, status, created_at, updated_at from (
      select * from "__service_snake__"
      order by id, version desc, _block_number
      limit 1 by id
    ) where not deleted`);
}
