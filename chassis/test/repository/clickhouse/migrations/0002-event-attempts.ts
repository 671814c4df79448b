/**
 * Events over which a process may have ended: a row for each time that one was noted, of which the last
 * counts. Rows go by themselves once no bus delivers their event any more.
 */
export async function up(run: (statement: string) => Promise<void>): Promise<void> {
  await run(`create table if not exists event_attempts (
    source String,
    event_id String,
    attempts Int32,
    noted_at DateTime64(6) default now64(6)
  )
  engine = MergeTree
  order by (source, event_id, noted_at)
  ttl toDateTime(noted_at) + interval 14 day
  settings fsync_after_insert = 1, fsync_part_directory = 1`);
}
