import { createClient } from '@redis/client';
import { contentType, type Side } from './side.ts';

// A new one for each run, so that nothing of the former is in it.
const stream = `bare-${process.pid}`;

export async function open(): Promise<Side> {
  const client = await createClient({ url: process.env.REDIS_URL }).connect();
  const reader = await client.duplicate().connect();
  await client.xGroupCreate(stream, stream, '0', { MKSTREAM: true });
  let reading = true;
  return {
    publish: async (messages) => {
      await Promise.all(
        messages.map(({ body }) => client.xAdd(stream, '*', { body, 'content-type': contentType })),
      );
    },
    consume: async (handle) => {
      void (async () => {
        while (reading) {
          const next = [{ key: stream, id: '>' }];
          const options = { COUNT: 128, BLOCK: 100 };
          const found = await reader.xReadGroup(stream, 'bare', next, options);
          if (!Array.isArray(found)) continue;
          for (const { messages } of found) {
            for (const { id, message } of messages) {
              handle(message.body);
              void client.xAck(stream, stream, id);
            }
          }
        }
      })();
    },
    close: async () => {
      reading = false;
      reader.destroy();
      client.destroy();
    },
  };
}
