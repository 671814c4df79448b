import { table } from '../notes.ts';

export async function up(run: (statement: string) => Promise<void>): Promise<void> {
  await run(`create table if not exists ${table} (
    id String,
    version UInt32,
    text String,
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
}
