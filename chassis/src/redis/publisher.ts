import { MultiErrorReply } from '@redis/client';
import { type Message, type Outcome, Outcomes, partitionOf } from '../events/index.ts';
import type { Batch, RedisConnection } from './connection.ts';
import { keepLetter } from './dead-letters.ts';
import { fieldsOf } from './message.ts';
import { type RedisTopics, streamOf } from './topics.ts';

/** A server that is slow to answer has its time: what is sent again meanwhile is there twice. */
const confirmMs = 30_000;

/**
 * Appends an entry, and drops those that are older than the retention: by the server's clock, which
 * gave them their ids. About: Redis drops whole blocks of entries, which costs it next to nothing.
 * KEYS: stream. ARGV: retention in milliseconds, fields.
 */
const appendScript = `
  local clock = redis.call('TIME')
  local oldest = math.max(0, clock[1] * 1000 + math.floor(clock[2] / 1000) - ARGV[1])
  return redis.call('XADD', KEYS[1], 'MINID', '~', string.format('%.0f', oldest), '*',
    unpack(ARGV, 2))`;

/** Appends messages to the streams of their topics. */
export class RedisPublisher {
  readonly #connection: RedisConnection;
  readonly #topics: RedisTopics;
  readonly #maxMessageBytes: number;

  constructor(connection: RedisConnection, topics: RedisTopics, maxMessageBytes: number) {
    this.#connection = connection;
    this.#topics = topics;
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Each topic by itself: the server refuses all that is sent together when it may not write to one key. */
  async publish(messages: readonly Message[]): Promise<readonly Outcome[]> {
    const outcomes = new Outcomes();
    const sendable = outcomes.sendable(messages, this.#maxMessageBytes);
    const topics = Map.groupBy(sendable, ({ topic }) => topic);
    await Promise.all(
      [...topics].map(([topic, ofTopic]) => this.#publishTo(topic, ofTopic, outcomes)),
    );
    return outcomes.of(messages);
  }

  /** In one transaction: either all have been written when the answer is lost, or none. */
  async #publishTo(topic: string, messages: readonly Message[], outcomes: Outcomes): Promise<void> {
    try {
      await this.#topics.find([topic]);
      await this.#connection.run((client) => {
        const batch = client.multi();
        for (const message of messages) this.#add(batch, message);
        return batch.exec();
      }, confirmMs);
    } catch (error) {
      if (!(error instanceof MultiErrorReply)) return outcomes.fail(messages, error);
      // Other streams of the topic have taken theirs.
      for (const index of error.errorIndexes)
        outcomes.fail(messages.slice(index, index + 1), error.replies[index]);
    }
  }

  #add(batch: Batch, message: Message): void {
    const layout = this.#topics.layoutOf(message.topic);
    if (layout.keeps === 'dead letters') {
      keepLetter(batch, message);
      return;
    }
    const stream = streamOf(message.topic, partitionOf(message.key, layout.partitions));
    const fields = Object.entries(fieldsOf(message)).flat();
    const retention = `${layout.retentionHours * 3_600_000}`;
    batch.eval(appendScript, { keys: [stream], arguments: [retention, ...fields] });
  }
}
