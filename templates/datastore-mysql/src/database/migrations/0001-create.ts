import { type Kysely, sql } from 'kysely';

/**
 * Ids are ASCII and sort by creation, in the index as in the table, whose order on disk is that of
 * its primary key. Times are UTC.
 */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists ${sql.table('__service_snake__')} (
      id char(36) character set ascii collate ascii_bin primary key,
      reference varchar(200) not null,
      status varchar(20) character set ascii not null,
      version int not null,
      created_at datetime(6) not null,
      updated_at datetime(6) not null,
      check (status in ('open', 'closed'))
    ) engine = innodb character set utf8mb4 collate utf8mb4_bin
  `.execute(kysely);
}
