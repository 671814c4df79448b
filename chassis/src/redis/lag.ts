import type { Client, RedisConnection } from './connection.ts';
import { groupOf } from './group.ts';
import type { Partition } from './partition.ts';

/** How many entries of partitions a consumer group has not handled, by topic. */
export async function lagOf(
  connection: RedisConnection,
  partitions: readonly Partition[],
  group: string,
): Promise<ReadonlyMap<string, number>> {
  const counts = await connection.run((client) =>
    Promise.all(partitions.map(({ stream }) => unhandled(client, stream, group))),
  );
  const lag = new Map<string, number>();
  for (const [index, { topic }] of partitions.entries()) {
    lag.set(topic, (lag.get(topic) ?? 0) + (counts[index] ?? 0));
  }
  return lag;
}

async function unhandled(client: Client, stream: string, name: string): Promise<number> {
  const group = await groupOf(client, stream, name);
  return group.pending + (group.lag === 0 ? 0 : await notGivenOut(client, stream, group));
}

/** Redis does not know its own lag after deletions, and older ones err after trimming (redis#13957). */
async function notGivenOut(
  client: Client,
  stream: string,
  group: { readonly lag: number | null; readonly 'last-delivered-id': string },
): Promise<number> {
  const [length, newest] = await Promise.all([
    client.xLen(stream),
    client.xRevRange(stream, '+', '-', { COUNT: 1 }),
  ]);
  if (newest?.[0] === undefined || newest[0].id === group['last-delivered-id']) return 0;
  return Math.min(group.lag ?? length, length);
}
