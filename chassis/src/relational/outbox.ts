import { messageOf } from '../events/index.ts';
import type { OutboxStore } from '../outbox/index.ts';
import type { RelationalDatabase } from './database.ts';
import { outboxTables } from './needed-tables.ts';
import { type OutboxTables, withChassisTables } from './tables.ts';

/** The outbox of a database, whose relay has one of its connections. */
export function outboxOf<Tables extends OutboxTables, Work>(
  database: RelationalDatabase<Tables, Work>,
): OutboxStore {
  const { outbox } = database.dialect;
  const kysely = withChassisTables(database.kysely);
  database.need({ ...outboxTables, ...outbox.tables });
  return {
    inRelayTurn: (run) => outbox.inRelayTurn({ kysely, config: database.config }, run),
    state: () => outbox.state(kysely),
    wakeUps: (wake) => outbox.wakeUps(database, wake),
    refused: () =>
      kysely
        .selectFrom('outbox_refused')
        .select(['position as place', 'event as text', 'reason', 'refused_at as refusedAt'])
        .orderBy('position')
        .execute(),
    retry: ({ place, text }) =>
      database.inTransaction(async (transaction) => {
        const own = withChassisTables(transaction);
        await own.deleteFrom('outbox_refused').where('position', '=', place).execute();
        await outbox.append(own, [messageOf(JSON.parse(text), { body: text })]);
      }),
    async drop({ place }) {
      await kysely.deleteFrom('outbox_refused').where('position', '=', place).execute();
    },
  };
}
