import path from 'node:path';
import { sql } from 'kysely';
import { postgres } from 'service-chassis/postgres';
import { migrate } from 'service-chassis/relational';
import type { Config } from './src/config.ts';
import { newEvent } from './src/events/event.ts';
import measured from './src/events/schemas/order-measured.v1.ts';

/** Makes the tables of the emitted service, with so many events in its outbox. */
export async function fillOutbox(config: Config, total: number, keys: number): Promise<void> {
  const database = postgres(config.database, { service: 'orders' });
  await migrate(database, path.join(import.meta.dirname, 'src/database/migrations'));
  for (let from = 0; from < total; from += 1000) {
    const events = Array.from({ length: Math.min(1000, total - from) }, (_, index) =>
      JSON.stringify(newEvent(measured, `${(from + index) % keys}`, { at: performance.now() })),
    );
    await sql`insert into outbox (event) select unnest(${events}::text[])`.execute(database.kysely);
  }
  await database.close();
}
