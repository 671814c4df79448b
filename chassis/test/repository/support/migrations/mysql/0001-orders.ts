import { type Kysely, sql } from 'kysely';

export async function up(kysely: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists orders (
      id char(36) character set ascii collate ascii_bin primary key,
      reference varchar(200) not null
    ) engine = innodb character set utf8mb4 collate utf8mb4_bin
  `.execute(kysely);
}
