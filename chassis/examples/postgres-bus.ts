import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'pg';
import {
  type BusOptions,
  bodyBytes,
  bodyFrom,
  type EventBus,
  type Message,
  type Outcome,
  Outcomes,
  type Topics,
} from 'service-chassis/events';

/**
 * What each service is still to handle, a row each; those of the service '' are dead letters. Keys are
 * JSON, which can say what no text of PostgreSQL can.
 */
const tables = `
  select pg_advisory_xact_lock(hashtext('bus'));
  create table if not exists bus_topics (topic text primary key);
  create table if not exists bus_subscriptions (
    service text, topic text references bus_topics, primary key (service, topic)
  );
  create table if not exists bus_messages (
    position bigint generated always as identity primary key,
    service text not null, topic text not null, key text not null,
    body bytea not null, headers text not null,
    taken_by uuid, taken_until timestamptz not null default '-infinity'
  );
  create index if not exists bus_messages_of on bus_messages (service, topic, key, position)`;

/** The oldest message of each key that nobody has taken, or whose taker has not been heard of. */
const take = `
  with oldest as (
    select distinct on (topic, key) position from bus_messages
    where service = $1 and topic = any($2) order by topic, key, position
  ), free as (
    select position, taken_by is not null as redelivered from bus_messages
    where position in (select position from oldest) and taken_until < now()
      and position <> all($3) order by position limit $4 for update skip locked
  )
  update bus_messages taken set taken_by = $5, taken_until = now() + $6 * interval '1 ms'
  from free where taken.position = free.position
  returning taken.position, topic, key, body, headers, redelivered`;

interface Row extends Pick<Message, 'topic' | 'key'> {
  readonly position: string;
  readonly body: Buffer;
  readonly headers: string;
  readonly redelivered: boolean;
}

type Handle = (message: Message) => Promise<void>;

/** Milliseconds between two looks at the table, and for which a message is an instance's without a word. */
const lookEvery = 100;
const goneAfter = 15_000;

/** A bus that is a PostgreSQL database, for those who have one and no broker. */
export class PostgresBus implements EventBus {
  readonly maxMessageBytes = 4_194_304;
  readonly #id = randomUUID();
  readonly #options: BusOptions;
  readonly #pool: Pool;
  readonly #handlers = new Map<string, Handle>();
  readonly #running = new Map<string, Promise<void>>();
  #someDone = Promise.withResolvers<void>();
  #reading: Promise<void> | undefined;
  #isStopping = false;
  #renewing: NodeJS.Timeout | undefined;

  /** @param connectionString of the bus's database, which is no service's own. */
  constructor(connectionString: string, options: BusOptions) {
    this.#options = options;
    this.#pool = new Pool({ connectionString, max: 4, connectionTimeoutMillis: 3000 });
    this.#pool.on('error', (err) => options.log.warn({ err }, 'a connection to the bus is lost'));
  }

  async connect({ events, consumed, deadLetters }: Topics): Promise<void> {
    const { service, events: config } = this.#options;
    const topics = [...events, deadLetters];
    await this.#pool.query(tables);
    if (config.createTopics)
      await this.#query(
        'insert into bus_topics select unnest($1::text[]) on conflict do nothing',
        topics,
      );
    const missing = await this.missing(topics);
    if (missing.length > 0) throw new Error(`there is no topic ${missing.join(', ')}`);
    await this.#subscribe(service, consumed);
    await this.#subscribe('', [deadLetters]);
  }

  async missing(topics: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#query<Row>(
      'select topic from bus_topics where topic = any($1)',
      topics,
    );
    return topics.filter((name) => !rows.some(({ topic }) => topic === name));
  }

  async publish(messages: readonly Message[]): Promise<readonly Outcome[]> {
    const outcomes = new Outcomes();
    const sent = outcomes.sendable(messages, this.maxMessageBytes);
    await this.#query(
      `insert into bus_messages (service, topic, key, body, headers)
      select service, topic, key, body, headers
      from unnest($1::text[], $2::text[], $3::bytea[], $4::text[])
        with ordinality sent (topic, key, body, headers, place) join bus_subscriptions using (topic)
      order by place`,
      sent.map(({ topic }) => topic),
      sent.map(({ key }) => JSON.stringify(key)),
      sent.map(bodyBytes),
      sent.map(({ headers }) => JSON.stringify(headers)),
    );
    return outcomes.of(messages);
  }

  async consume(topics: readonly string[], handle: Handle): Promise<void> {
    await this.#subscribe(this.#options.service, topics);
    for (const topic of topics) this.#handlers.set(topic, handle);
    this.#reading ??= this.#read();
    this.#renewing ??= setInterval(() => void this.#renew(), goneAfter / 3).unref();
  }

  async check(): Promise<void> {
    await this.#query('select 1');
  }

  async lag(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#query<{ topic: string; count: number }>(
      'select topic, count(*)::int from bus_messages where service = $1 group by topic',
      this.#options.service,
    );
    const none = [...this.#handlers.keys()].map((topic) => [topic, 0] as const);
    return new Map([...none, ...rows.map(({ topic, count }) => [topic, count] as const)]);
  }

  async *readDeadLetters(topic: string): AsyncGenerator<Message> {
    const letters = `select * from bus_messages where service = '' and topic = $1 order by position`;
    for (const row of await this.#query<Row>(letters, topic)) yield messageOf(row);
  }

  async removeDeadLetter(topic: string, key: string): Promise<void> {
    const remove = `delete from bus_messages where service = '' and topic = $1 and key = $2`;
    await this.#query(remove, topic, JSON.stringify(key));
  }

  async stopConsuming(): Promise<void> {
    this.#isStopping = true;
    await this.#reading;
    await Promise.all(this.#running.values());
    clearInterval(this.#renewing);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** What is published to a topic from now on is kept for a service. */
  async #subscribe(service: string, topics: readonly string[]): Promise<void> {
    const subscribe =
      'insert into bus_subscriptions select $1, unnest($2::text[]) on conflict do nothing';
    await this.#query(subscribe, service, topics);
  }

  async #read(): Promise<void> {
    while (!this.#isStopping) {
      this.#someDone = Promise.withResolvers();
      const rows = await this.#take().catch((err: unknown) => {
        this.#options.log.warn({ err }, 'the bus cannot be read');
        return [];
      });
      for (const row of rows) this.#running.set(row.position, this.#handle(row));
      await Promise.race([this.#someDone.promise, delay(lookEvery)]);
    }
  }

  async #take(): Promise<Row[]> {
    const [topics, mine] = [[...this.#handlers.keys()], [...this.#running.keys()]];
    const room = this.#options.events.inTheWorks - mine.length;
    return this.#query<Row>(take, this.#options.service, topics, mine, room, this.#id, goneAfter);
  }

  /** What was handled is gone; what was rejected may be taken again a moment later, as its key's oldest. */
  async #handle(row: Row): Promise<void> {
    const mine = 'where position = $1 and taken_by = $2';
    const again = `update bus_messages set taken_by = null, taken_until = now() + interval '0.1 s'`;
    try {
      const isHandled = await this.#handlers
        .get(row.topic)?.(messageOf(row))
        .then(
          () => true,
          () => false,
        );
      await this.#query(
        `${isHandled ? 'delete from bus_messages' : again} ${mine}`,
        row.position,
        this.#id,
      );
    } catch (err) {
      this.#options.log.warn({ err }, 'a message may come again: the bus could not be told');
    } finally {
      this.#running.delete(row.position);
      this.#someDone.resolve();
    }
  }

  async #renew(): Promise<void> {
    const renew = `update bus_messages set taken_until = now() + $3 * interval '1 ms'
      where taken_by = $1 and position = any($2)`;
    const failed = (err: unknown) => this.#options.log.warn({ err }, 'the bus could not be told');
    await this.#query(renew, this.#id, [...this.#running.keys()], goneAfter).catch(failed);
  }

  async #query<R extends object>(text: string, ...values: readonly unknown[]): Promise<R[]> {
    return (await this.#pool.query<R>(text, [...values])).rows;
  }
}

function messageOf({ topic, key, body, headers, redelivered }: Row): Message {
  const message = { topic, key: JSON.parse(key), headers: JSON.parse(headers), ...bodyFrom(body) };
  return redelivered ? { ...message, redelivered } : message;
}
