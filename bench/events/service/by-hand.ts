import pg from 'pg';
import type { DatabaseConfig } from 'service-chassis/store';
import type { Side } from './bare/side.ts';

/** As the emitted service has them: how many events the relay takes, and how many share a transaction. */
const relayedTogether = 500;
const handledTogether = 128;
const connections = 8;

/**
 * The least code that takes events from the outbox to the bus and notes them in the inbox when they
 * come back, on the bare clients of bus and database: in whole batches, in no order of keys, with no
 * check, retry, time limit, trace or metric, and acknowledged before they are handled. It is the
 * floor of what an outbox and an inbox cost beside the bus.
 *
 * @param total how many events the outbox holds. Returns without waiting for them.
 */
export async function relayByHand(
  bus: Side,
  config: DatabaseConfig,
  total: number,
  handle: (at: number) => void,
): Promise<void> {
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: config.url, keepAlive: true });
    await client.connect();
    return client;
  };
  const free = await Promise.all(Array.from({ length: connections }, connect));
  const waiting: string[] = [];
  let taken = 0;
  await bus.consume((body) => {
    waiting.push(body);
    void noteWaiting();
  });
  void relay(bus, await connect(), total);

  async function noteWaiting(): Promise<void> {
    const isLast = taken + waiting.length === total;
    if (waiting.length === 0 || (waiting.length < handledTogether && !isLast)) return;
    const client = free.pop();
    if (client === undefined) return;
    const events = waiting.splice(0, handledTogether).map((body) => JSON.parse(body));
    taken += events.length;
    await noteInInbox(client, events);
    for (const { data } of events) handle(data.at);
    free.push(client);
    await noteWaiting();
  }
}

async function relay(bus: Side, client: pg.Client, total: number): Promise<void> {
  const text = 'select position, event from outbox order by position limit $1';
  for (let left = total; left > 0; ) {
    await client.query('begin');
    const { rows } = await client.query({ name: 'oldest', text, values: [relayedTogether] });
    await bus.publish(rows.map(({ event }) => ({ key: JSON.parse(event).subject, body: event })));
    const positions = rows.map(({ position }) => position);
    await client.query('delete from outbox where position = any($1::bigint[])', [positions]);
    await client.query('commit');
    left -= rows.length;
  }
}

async function noteInInbox(
  client: pg.Client,
  events: readonly { source: string; id: string }[],
): Promise<void> {
  const text = `insert into inbox (source, event_id)
    select * from unnest($1::text[], $2::text[]) on conflict do nothing`;
  const values = [events.map(({ source }) => source), events.map(({ id }) => id)];
  await client.query('begin');
  await client.query({ name: 'note', text, values });
  await client.query('commit');
}
