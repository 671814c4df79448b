import path from 'node:path';
import { type Kysely, sql } from 'kysely';
import { coreConfig, createService, run } from 'service-chassis';
import { type ConfigOf, readConfig } from 'service-chassis/config';
import {
  defineEvent,
  defineHandler,
  eventsConfig,
  eventsFrom,
  type Publish,
  registerEvents,
} from 'service-chassis/events';
import { KafkaBus, kafkaConfig } from 'service-chassis/kafka';
import { registerOutbox } from 'service-chassis/outbox';
import { postgres, postgresConfig } from 'service-chassis/postgres';
import * as relational from 'service-chassis/relational';
import { listenForSignals } from 'service-chassis/signals';
import { z } from 'zod';

const service = 'stock';
const configParts = {
  ...coreConfig,
  events: eventsConfig({ concurrency: 8, takenPerTurn: 32 }),
  database: postgresConfig({ poolMax: 4 }),
  inbox: relational.inboxConfig,
  kafka: kafkaConfig,
};
type Config = ConfigOf<typeof configParts>;

interface Tables extends relational.EventTables {
  stock: { article: string; reserved: number };
}

/** What the handling of one event changes: all of it commits, its events included, or none. */
interface Work {
  readonly stock: Kysely<Tables>;
  readonly publish: Publish;
}

const orderCreated = defineEvent({
  type: 'orders.order-created.v1',
  data: z.object({ article: z.string(), quantity: z.number().int().min(1) }),
});
const stockReserved = defineEvent({
  type: 'stock.stock-reserved.v1',
  data: z.object({ article: z.string(), reserved: z.number().int() }),
});
const newEvent = eventsFrom(service);

/** However often the event comes, its quantity is reserved once, and one event says so. */
const reserve = defineHandler({
  event: orderCreated,
  async apply({ article, quantity }, { stock, publish }: Work) {
    const reserved = await stock
      .insertInto('stock')
      .values({ article, reserved: quantity })
      .onConflict((known) =>
        known.column('article').doUpdateSet({ reserved: sql`stock.reserved + ${quantity}` }),
      )
      .returning(['article', 'reserved'])
      .executeTakeFirstOrThrow();
    await publish(newEvent(stockReserved, article, reserved));
  },
});

/** A consumer that was not made here: `node consumer.ts`, with `DATABASE_URL`, `KAFKA_BROKERS` and `PORT`. */
async function build(config: Config) {
  const app = await createService(service, config);
  const database = postgres<Tables, Work>(config.database, {
    service,
    unitOfWork: (transaction, events) => ({
      stock: transaction,
      publish: relational.publisher(events, () => app.events),
    }),
  });
  // A connection for each handler, one for the relay, and one for what is done once in a while.
  const pool = database.withPool(config.events.concurrency + 2);
  const migrations = path.join(import.meta.dirname, 'migrations');
  relational.registerRelational(app, { database, pools: { events: pool }, migrations });
  registerEvents(app, {
    service,
    config: config.events,
    bus: new KafkaBus(config.kafka, { service, events: config.events, log: app.log }),
    datastore: relational.eventsIn(pool),
    schemas: [orderCreated, stockReserved],
    handlers: [reserve],
    hasCallers: false,
  });
  relational.registerInbox(app, pool, config.inbox);
  registerOutbox(app, { store: relational.outboxOf(pool), stuckAfter: config.events.stuckAfter });
  return app;
}

const loadConfig = async (variables: NodeJS.ProcessEnv) =>
  readConfig<Config>(configParts, variables);
await run({ loadConfig, build }, process.env, listenForSignals());
