import { createClient } from '@redis/client';

const client = await createClient({ url: process.env.REDIS_URL ?? '' }).connect();
const streamsOf = (topic: string): string[] =>
  ['0', '1', '2'].map((partition) => `{events}:${topic}:${partition}`);

/** Something else has the names of the topic's streams. */
export async function refuse(topic: string): Promise<void> {
  for (const stream of streamsOf(topic)) {
    await client.rename(stream, `${stream}:away`).catch(() => undefined);
    await client.set(stream, 'no stream');
  }
}

export async function mend(topic: string): Promise<void> {
  for (const stream of streamsOf(topic)) {
    await client.del(stream);
    await client.rename(`${stream}:away`, stream).catch(() => undefined);
  }
}

export const close = (): Promise<void> => client.close();
