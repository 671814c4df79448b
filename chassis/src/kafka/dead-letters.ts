import { randomUUID } from 'node:crypto';
import { Consumer } from '@platformatic/kafka';
import type { Message } from '../events/index.ts';
import type { KafkaClient } from './config.ts';
import { messageFrom, withBytes } from './message.ts';

/**
 * Reads a compacted topic of one partition from its start to where its end is now, and yields what
 * was not removed since. Its consumer group is its own and commits nothing, so it is gone afterwards.
 */
export async function* readToEnd(
  service: string,
  cluster: KafkaClient,
  topic: string,
): AsyncGenerator<Message> {
  const consumer = new Consumer({
    groupId: `${service}.dead-letter.${randomUUID()}`,
    ...cluster,
    deserializers: withBytes,
    connectTimeout: 3000,
    retries: 3,
    autocommit: false,
  });
  try {
    const letters = new Map<string, Message>();
    const end = (await consumer.listOffsets({ topics: [topic] })).get(topic)?.[0] ?? 0n;
    if (end === 0n) return;
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest' });
    for await (const read of stream) {
      const { key, value, offset } = read;
      if (value) letters.set(key, messageFrom(read));
      else letters.delete(key);
      if (offset >= end - 1n) break;
    }
    yield* letters.values();
  } finally {
    await consumer.close(true);
  }
}
