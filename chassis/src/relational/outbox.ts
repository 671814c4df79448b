import type { Transaction } from 'kysely';
import { messageOf, outgoing, type Publish } from '../events/index.ts';
import type { OutboxStore } from '../outbox/index.ts';
import type { RelationalDatabase } from './database.ts';
import type { OutboxDialect } from './dialect.ts';
import { outboxTables } from './needed-tables.ts';
import { type OutboxTables, withChassisTables } from './tables.ts';

/** Returns what publishes as part of a transaction. @param maxEventBytes how many an event may have now. */
export function publisherOn<Tables extends OutboxTables>(
  dialect: Pick<OutboxDialect, 'append'>,
  transaction: Transaction<Tables>,
  maxEventBytes: () => number,
): Publish {
  const own = withChassisTables(transaction);
  return async (event) => dialect.append(own, outgoing(event, maxEventBytes()));
}

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
        await outbox.append(own, messageOf(JSON.parse(text), text));
      }),
    async drop({ place }) {
      await kysely.deleteFrom('outbox_refused').where('position', '=', place).execute();
    },
  };
}
