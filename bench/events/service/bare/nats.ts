import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import { contentType, type Side } from './side.ts';

// A new one for each run, so that nothing of the former is in it.
const name = `bare-${process.pid}`;
const options = { headers: headers() };
options.headers.set('content-type', contentType);

export async function open(): Promise<Side> {
  const { host, username, password } = new URL(process.env.NATS_URL ?? '');
  const [user, pass] = [username, password].map(decodeURIComponent);
  const connection = await connect({ servers: host, user, pass, noAsyncTraces: true });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name, subjects: [`${name}.>`] });
  await manager.consumers.add(name, { durable_name: name, ack_policy: AckPolicy.Explicit });
  const client = jetstream(connection);
  return {
    publish: async (messages) => {
      await Promise.all(
        messages.map(({ key, body }) => client.publish(`${name}.${key}`, body, options)),
      );
    },
    consume: async (handle) => {
      const consumer = await client.consumers.get(name, name);
      await consumer.consume({
        callback: (message) => {
          handle(message.string());
          message.ack();
        },
      });
    },
    close: () => connection.close(),
  };
}
