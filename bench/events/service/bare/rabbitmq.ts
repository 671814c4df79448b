import { connect } from 'amqplib';
import { contentType, type Side } from './side.ts';

// A new one for each run, so that nothing of the former is in it.
const queue = `bare-${process.pid}`;

export async function open(): Promise<Side> {
  const connection = await connect(process.env.AMQP_URL ?? '');
  const publisher = await connection.createConfirmChannel();
  const consumer = await connection.createChannel();
  await publisher.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await consumer.prefetch(128);
  return {
    publish: async (messages) => {
      for (const { body } of messages) {
        publisher.sendToQueue(queue, Buffer.from(body), { persistent: true, contentType });
      }
      await publisher.waitForConfirms();
    },
    consume: async (handle) => {
      await consumer.consume(queue, (message) => {
        if (message === null) return;
        handle(message.content.toString());
        consumer.ack(message);
      });
    },
    close: () => connection.close(),
  };
}
