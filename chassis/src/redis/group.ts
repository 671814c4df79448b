import { ErrorReply } from '@redis/client';
import type { Client } from './connection.ts';
import { beginning } from './partition.ts';

/** Sees to it that a stream has a consumer group; a new one is given everything that the stream holds. */
export async function createGroup(client: Client, stream: string, name: string): Promise<void> {
  try {
    await client.xGroupCreate(stream, name, beginning, { MKSTREAM: true });
  } catch (error) {
    const exists = error instanceof ErrorReply && error.message.startsWith('BUSYGROUP');
    if (!exists) throw error;
  }
}

/** What the server knows of a consumer group. */
export async function groupOf(client: Client, stream: string, name: string) {
  const group = (await client.xInfoGroups(stream)).find((each) => each.name === name);
  if (group === undefined) throw new Error(`the stream ${stream} has lost its consumer group`);
  return group;
}
