import {
  Admin,
  Consumer,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka';
import { contentType, type Side } from './side.ts';

// A new one for each run, so that nothing of the former is in it.
const topic = `bare-${process.pid}`;
const headers = { 'content-type': contentType };

export async function open(): Promise<Side> {
  const base = { clientId: 'bare', bootstrapBrokers: (process.env.KAFKA_BROKERS ?? '').split(',') };
  const admin = new Admin(base);
  await admin.createTopics({ topics: [topic], partitions: 12, replicas: 1 });
  await admin.close();
  const producer = new Producer({ ...base, serializers: stringSerializers, acks: -1 });
  const consumer = new Consumer({ ...base, groupId: topic, deserializers: stringDeserializers });
  return {
    publish: async (messages) => {
      await producer.send({
        messages: messages.map(({ key, body }) => ({ topic, key, value: body, headers })),
      });
    },
    consume: async (handle) => {
      const stream = await consumer.consume({
        topics: [topic],
        mode: 'committed',
        fallbackMode: 'earliest',
        autocommit: 1000,
      });
      stream.on('data', ({ value }) => handle(value));
    },
    close: async () => {
      await consumer.close(true);
      await producer.close();
    },
  };
}
