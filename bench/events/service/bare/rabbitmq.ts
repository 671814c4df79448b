import { Connection } from 'rabbitmq-client';
import type { Side } from './side.ts';

const queue = 'bare';

export async function open(): Promise<Side> {
  const connection = new Connection(process.env.AMQP_URL);
  connection.on('error', console.error);
  const options = { queue, durable: true, arguments: { 'x-queue-type': 'quorum' } };
  await connection.queueDeclare(options);
  const publisher = connection.createPublisher({ confirm: true });
  const consumers: { close(): Promise<void> }[] = [];
  return {
    publish: async (messages) => {
      const envelope = { routingKey: queue, durable: true };
      await Promise.all(messages.map(({ body }) => publisher.send(envelope, body)));
    },
    consume: async (handle) => {
      const consumer = connection.createConsumer(
        { queue, queueOptions: options, qos: { prefetchCount: 128 } },
        async ({ body }) => handle(String(body)),
      );
      consumer.on('error', console.error);
      consumers.push(consumer);
    },
    close: async () => {
      for (const consumer of consumers) await consumer.close();
      await publisher.close();
      await connection.close();
    },
  };
}
