import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Message } from '../events/index.ts';
import { asBytes, type RedisConnection } from './connection.ts';
import { createGroup, groupOf } from './group.ts';
import { messageFrom, pairs } from './message.ts';
import type { Entry, Partition } from './partition.ts';

/** Entries that are taken from the server at once, of all partitions together, and how many bytes of them. */
const mostAtOnce = 128;
const mostBytesAtOnce = 4_194_304;
/** How long one wait for news may last: after that, partitions that came and went are noticed. */
const waitMs = 1000;
/** Only the owner of a partition reads, so that one name is enough, and no names are left behind. */
const consumerName = 'owner';

/**
 * Has the group given entries of one partition after the other, of each only while its lease says what
 * the reader says: one that was cut off cannot take anything from the next owner, or from itself, when
 * its words arrive late. The server counts entries only, so they are taken a few at a time until there
 * are bytes enough. KEYS: stream and lease of each partition. ARGV: the lease's value, group, consumer,
 * most entries, most bytes, and for each partition from where.
 */
const readScript = `
  local left, bytes = tonumber(ARGV[4]), tonumber(ARGV[5])
  local answers = {}
  for i = 1, #KEYS / 2 do
    if left <= 0 or bytes <= 0 then break end
    answers[i] = false
    if redis.call('GET', KEYS[2 * i]) == ARGV[1] then
      local from, read = ARGV[5 + i], {}
      repeat
        local count = math.min(left, 4)
        local streams = redis.call('XREADGROUP', 'GROUP', ARGV[2], ARGV[3], 'COUNT', count,
          'STREAMS', KEYS[2 * i - 1], from)
        local entries = streams and streams[1][2] or {}
        for _, entry in ipairs(entries) do
          read[#read + 1] = entry
          if from ~= '>' then from = entry[1] end
          for _, text in ipairs(entry[2] or {}) do bytes = bytes - #text end
        end
        left = left - #entries
      until #entries < count or left <= 0 or bytes <= 0
      answers[i] = read
    end
  end
  return answers`;

const answersSchema = z.array(
  z
    .array(
      z.tuple([
        z.instanceof(Buffer).transform((id) => id.toString()),
        z.array(z.instanceof(Buffer)).nullable(),
      ]),
    )
    .nullable(),
);

/** One message that was read. */
export interface Delivery {
  readonly partition: Partition;
  readonly id: string;
  readonly message: Message;
}

/** Takes what there is for a consumer group in the partitions of this instance, and waits for more. */
export class RedisReader {
  readonly #connection: RedisConnection;
  /** Waiting blocks a connection for everything else. */
  readonly #waiting: RedisConnection;
  readonly #group: string;
  #answered = 0;

  constructor(connection: RedisConnection, waiting: RedisConnection, group: string) {
    this.#connection = connection;
    this.#waiting = waiting;
    this.#group = group;
  }

  async createGroups(partitions: readonly Partition[]): Promise<void> {
    await this.#connection.run((client) =>
      Promise.all(partitions.map(({ stream }) => createGroup(client, stream, this.#group))),
    );
  }

  /** Reads some entries of the partitions whose leases say so, first of those whose turn it is. */
  async read(held: readonly Partition[], leaseValue: string): Promise<Delivery[]> {
    if (held.length === 0) return [];
    const first = this.#answered % held.length;
    const asked = [...held.slice(first), ...held.slice(0, first)];
    const epochs = asked.map(({ epoch }) => epoch);
    const answer = await this.#connection.run((client) =>
      client.withTypeMapping(asBytes).eval(readScript, {
        keys: asked.flatMap(({ stream, leaseKey }) => [stream, leaseKey]),
        arguments: [
          ...[leaseValue, this.#group, consumerName, `${mostAtOnce}`, `${mostBytesAtOnce}`],
          ...asked.map(({ position }) => position),
        ],
      }),
    );
    const answers = answersSchema.parse(answer);
    this.#answered += answers.length;
    return answers.flatMap((entries, index) => {
      const partition = asked[index];
      if (partition === undefined || partition.epoch !== epochs[index]) return [];
      // What is pending was given to whoever read the partition before.
      const redelivered = partition.readsPending;
      if (entries !== null) return deliveries(partition, partition.receive(entries), redelivered);
      partition.lose();
      return [];
    });
  }

  /** Waits until there may be something to read. What comes meanwhile is only looked at, not taken. */
  async wait(held: readonly Partition[], signal: AbortSignal): Promise<void> {
    if (held.some(({ readsPending }) => readsPending)) return;
    if (held.length === 0) return delay(waitMs, undefined, { signal });
    await this.#findNewest(held.filter(({ newest }) => newest === undefined));
    const streams = held.flatMap(({ stream: key, newest: id }) =>
      id === undefined ? [] : [{ key, id }],
    );
    if (streams.length === 0) return;
    const news = await this.#waiting.run((client) =>
      client.xRead(streams, { BLOCK: waitMs, COUNT: 1 }),
    );
    // If then there is nothing to read, somebody has moved the group on.
    const withNews = new Set(news?.map(({ name }) => name));
    for (const partition of held) if (withNews.has(partition.stream)) partition.newest = undefined;
  }

  /** Of partitions that nothing new was read of: up to where the group was given entries. */
  async #findNewest(partitions: readonly Partition[]): Promise<void> {
    if (partitions.length === 0) return;
    await this.#connection.run((client) =>
      Promise.all(
        partitions.map(async (partition) => {
          const { epoch, stream } = partition;
          const group = await groupOf(client, stream, this.#group);
          if (partition.epoch === epoch) partition.newest = group['last-delivered-id'];
        }),
      ),
    );
  }

  /** Ends the waiting. */
  close(): void {
    this.#waiting.close();
  }
}

/** Of an entry that was trimmed before it was handled there is nothing to deliver. */
function deliveries(
  partition: Partition,
  entries: readonly Entry[],
  redelivered: boolean,
): Delivery[] {
  return entries.flatMap(([id, fields]) => {
    if (fields === null) return [];
    const message = messageFrom(partition.topic, pairs(fields));
    return [{ partition, id, message: redelivered ? { ...message, redelivered } : message }];
  });
}
